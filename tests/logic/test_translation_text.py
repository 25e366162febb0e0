import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.logic.translation_text import LONGEST, cut_markdown, cut_text
from app.models.translation import Template

PAGE = """\
---
title: not this
---
# Heading with `code`

A paragraph that is long enough to have been wrapped by its width alone
and goes on here. See [the *guide*](docs/guide.md "Guide") or **ask**.

- [ ] an item
2. zweitens

> quoted words

| Name | `x` | 12 |
|------|-----|----|

```python
print("not this")
```
~~~
nor this
~~~
"""


def raw(template: Template) -> str:
    return "".join(part if isinstance(part, str) else part.raw for part in template.parts)


def test_lines_are_paragraphs_and_space_is_copied() -> None:
    template = cut_text("  One.\r\n\r\n\tTwo three.  \n12\n")
    assert [piece.text for piece in template.segments] == ["One.", "Two three."]
    assert raw(template) == "  One.\r\n\r\n\tTwo three.  \n12\n"


def test_markdown_keeps_its_signs() -> None:
    template = cut_markdown(PAGE)
    assert [piece.text for piece in template.segments] == [
        "Heading with <x1/>",
        "A paragraph that is long enough to have been wrapped by its width alone and goes on here. See "
        "<g1>the *guide*</g1> or <g2>ask</g2>.",
        "an item",
        "zweitens",
        "quoted words",
        "Name",
    ]
    assert raw(template) == PAGE.replace("alone\nand", "alone and")


@pytest.mark.parametrize(
    "text",
    [
        "The ship sails on. " * 300, "轮船一早离开港口，天气很好。" * 300, "word " * 2000, "x" * 5000,
        "जहाज बंदरगाह से निकलता है। " * 200, "السفينة تغادر الميناء. " * 200,
    ],
)  # fmt: skip
def test_a_long_paragraph_is_cut_and_nothing_of_it_lost(text: str) -> None:
    template = cut_text(text)
    assert len(template.segments) > 1
    assert all(0 < len(piece.raw) <= LONGEST for piece in template.segments)
    assert raw(template) == text


@given(st.text(max_size=400))
def test_nothing_is_lost_of_any_text(text: str) -> None:
    assert "".join(raw(cut_text(text)).split()) == "".join(text.split())


@pytest.mark.timeout(60)  # a cost that grows with the square is minutes
@pytest.mark.parametrize(
    "evil", ["a." * 10_000, "`" * 20_000, "[a](" * 5000, "**a" * 5000, " " * 50_000 + "x", "| " * 9000]
)
def test_hostile_text_is_read_to_its_end(evil: str) -> None:
    cut_text(evil)
    cut_markdown(evil)

import tracemalloc
from pathlib import Path

import pytest

from app.adapters.parsers import load
from app.core.errors import EmptyFile
from app.models.domain import BlockKind, DocumentInfo, Page, ParseEvent, ParseWarning, Source

SAMPLE = "हिन्दी में €100 — “quote” தமிழ்"
CHINESE = "该公司报告称，上一财年所有业务部门的净销售额均有所增长。公司的研发支出也高于往年。"
RUSSIAN = "Компания сообщила о росте продаж во всех сегментах бизнеса за прошедший финансовый год."
JAPANESE = "当社は、前会計年度においてすべての事業部門で売上高が増加したことを報告しました。"
GERMAN = "Die Gesellschaft meldete, daß die Umsätze in allen Geschäftsbereichen während des Jahres gestiegen sind."
MARKDOWN = """Before the first heading.

# Report

Intro.

## Sales

| Year | Sales |
|------|------:|
| 2021 | 1,200 |

- one
- two

### Europe

```
# no heading

| no | table |
```

Costs
-----

Text of costs.
"""


def stored(tmp_path: Path, data: bytes | str, media_type: str = "text/plain") -> Source:
    path = tmp_path / "blob"
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return Source(path, media_type, "notes.txt")


def read(source: Source) -> tuple[DocumentInfo, list[Page], list[ParseEvent]]:
    info, *rest = load("text")(source)
    assert isinstance(info, DocumentInfo)
    pages = [event for event in rest if isinstance(event, Page)]
    assert info.page_count == len(pages)
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    return info, pages, [event for event in rest if not isinstance(event, Page)]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", SAMPLE),
        ("utf-8-sig", SAMPLE),
        ("utf-16", SAMPLE),
        ("utf-32", SAMPLE),
        ("gb18030", CHINESE),
        ("shift_jis", JAPANESE),
        ("cp1251", RUSSIAN),
        ("cp1252", GERMAN),
    ],
)
def test_any_encoding(tmp_path: Path, encoding: str, text: str) -> None:
    text = "\n".join([text] * 4)
    info, (page,), warnings = read(stored(tmp_path, text.encode(encoding)))
    assert page.text == text
    told = [warning.code for warning in warnings if isinstance(warning, ParseWarning)]
    assert told == ([] if encoding.startswith("utf") else ["guessed_encoding"])
    assert info.metadata["encoding"]


def test_line_ends_control_characters_and_composition_are_tidied(tmp_path: Path) -> None:
    _, (page,), _ = read(stored(tmp_path, "one\r\ntwo\rthree\n\n  e\u0301te\u0301\x00\x07\u202e end\ttab\n"))
    assert page.text == "one\ntwo\nthree\n\n  été end\ttab"


@pytest.mark.parametrize("data", [b"", b"\n \n\r\n", b"\xef\xbb\xbf"])
def test_no_text_at_all(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(EmptyFile):
        read(stored(tmp_path, data))


def test_sections_of_markdown_are_units_named_by_their_headings(tmp_path: Path) -> None:
    info, pages, _ = read(stored(tmp_path, MARKDOWN, "text/markdown"))
    assert info.title == "Report"
    assert [page.locator and (page.locator.kind, page.locator.value) for page in pages] == [
        ("section", "line 1"),
        ("section", "Report"),
        ("section", "Report > Sales"),
    ]
    assert "\n\n".join(page.text for page in pages) + "\n" == MARKDOWN


def test_blocks_of_markdown(tmp_path: Path) -> None:
    _, pages, _ = read(stored(tmp_path, MARKDOWN, "text/markdown"))
    blocks = [(block.kind, page.text[block.start : block.end], block.level) for page in pages for block in page.blocks]
    assert blocks == [
        (BlockKind.TEXT, "Before the first heading.", 0),
        (BlockKind.HEADING, "# Report", 1),
        (BlockKind.TEXT, "Intro.", 0),
        (BlockKind.HEADING, "## Sales", 2),
        (BlockKind.TABLE, "| Year | Sales |\n|------|------:|\n| 2021 | 1,200 |", 0),
        (BlockKind.TEXT, "- one\n- two", 0),
        (BlockKind.HEADING, "### Europe", 3),
        (BlockKind.TEXT, "```\n# no heading\n\n| no | table |\n```", 0),
        (BlockKind.HEADING, "Costs", 2),
        (BlockKind.TEXT, "Text of costs.", 0),
    ]


def test_plain_text_has_headings_and_tables_too(tmp_path: Path) -> None:
    table = "Sales      1,200   1,100\nCosts        900     800"
    text = f"RISK FACTORS\n\nWe may lose money\nand friends.\n\n{table}\n\nThe end."
    _, (page,), _ = read(stored(tmp_path, text))
    kinds = [(block.kind, page.text[block.start : block.end]) for block in page.blocks]
    assert (BlockKind.HEADING, "RISK FACTORS") in kinds
    assert (BlockKind.TEXT, "We may lose money\nand friends.") in kinds
    assert (BlockKind.TABLE, table) in kinds


def test_a_long_file_is_cut_between_paragraphs_and_streams(tmp_path: Path) -> None:
    paragraph = "A paragraph of text that is neither long nor short.\nIt has two lines.\n\n"
    source = stored(tmp_path, paragraph * 20_000)
    tracemalloc.start()
    events = load("text")(source)
    info = next(events)
    assert isinstance(info, DocumentInfo)
    first, second = next(events), next(events)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(first, Page)
    assert isinstance(second, Page)
    assert info.page_count > 10
    assert first.text.endswith("It has two lines.")
    assert second.text.startswith("A paragraph")
    assert first.locator
    assert first.locator.value.startswith("lines 1–")
    assert peak < 2_000_000


def test_one_endless_line_is_cut_too(tmp_path: Path) -> None:
    _, pages, _ = read(stored(tmp_path, "字" * 500_000))
    assert "".join(page.text for page in pages) == "字" * 500_000
    assert len(pages) > 1

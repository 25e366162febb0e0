import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.logic.titles import MAX_CHARACTERS, honest_title, says_nothing


@pytest.mark.parametrize(
    "title",
    [
        "0000764478-17-000008",
        "Microsoft Word - foo.doc",
        "Microsoft Word - 文档1",
        "Microsoft PowerPoint - ODL 3q16 update 241116.pptx",
        "untitled",
        "Untitled-1",
        "Untitled (2)",
        "Document1",
        "无标题",
        "Präsentation1",
        "Документ 3",
        "مستند1",
        r"C:\Users\jo\Desktop\final",
        "/home/jo/final report",
        "file:///VBOXSVR/shared/empty.html",
        "https://example.org/a?b=c",
        "colorspace_atan",
        "issue_15340",
        "report_final_v2.indd",
        "Scorecard2.xls",
        "3f2b8c9e41d74a0b9c",
        "10-K",
        "...",
        "",
        " \t\n",
        "caf\ufffd menu",
        "PowerPoint Presentation",
    ],
)
def test_what_a_program_gave_is_no_title(title: str) -> None:
    assert says_nothing(title)
    assert honest_title(title) is None


@pytest.mark.parametrize(
    "title",
    [
        "Attention Is All You Need",
        "10-K - 02/07/2019 - 3M Company",
        "Form 8-K for Foot Locker INC filed 05/19/2022",
        "COVID-19",
        "Annual Report 2023",
        "Links in PDF – Antenna House, Inc.",
        "1984 (novel)",
        "2021年年度报告",
        "年報",
        "التقرير السنوي 2023",
        "वार्षिक रिपोर्ट २०२३",
        "あいち電子調達共同システム",
        "Benutzerhandbuch",
        "Input/Output in TCP/IP",
        "Untitled Goose Game",
    ],
)
def test_what_a_person_wrote_is(title: str) -> None:
    assert honest_title(title) == title


def test_the_first_heading_that_says_something_stands_in() -> None:
    assert honest_title("0000764478-17-000008", "FORM 10-K") == "FORM 10-K"
    assert honest_title(None, "1.", "Über den\r\nWolken") == "Über den Wolken"
    assert honest_title("Charta", "Über den Wolken") == "Charta"
    assert honest_title("untitled", "3", "...") is None


def test_a_title_is_one_line_of_bounded_length_in_nfc() -> None:
    assert honest_title("A\u0308rzte\r\n  ohne\u2028Grenzen") == "Ärzte ohne Grenzen"
    assert len(honest_title("wort " * 1000) or "") <= MAX_CHARACTERS


@given(st.text(max_size=400))
def test_any_text_is_told(text: str) -> None:
    chosen = honest_title(text)
    assert chosen is None or (chosen == " ".join(chosen.split()) and not says_nothing(chosen))

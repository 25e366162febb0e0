from collections.abc import Iterable

import pytest

from app.logic.layout import lay_out
from app.logic.layout_figures import trailing_figures
from app.logic.layout_lines import Line, Sheet
from app.models.domain import BlockKind

WIDTH = 5.0
H, T, R, F = BlockKind.HEADING, BlockKind.TEXT, BlockKind.TABLE, BlockKind.FURNITURE
PROSE = "This line of running text fills the column from its left edge to its right edge as it should do"

Row = tuple[str, dict[str, object]]


def row(text: str, **style: object) -> Row:
    return text, style


def sheet(rows: Iterable[Row | str], number: int = 1, **entries: object) -> Sheet:
    """A page of lines of ten points under one another; `drop` is space above, `at` an own distance from the top."""
    lines, texts, top, start = [], [], 60.0, 0
    for item in rows:
        text, style = item if isinstance(item, tuple) else (item, {})
        size = float(style.get("size", 10))
        top = float(style.get("at", top + float(style.get("drop", 0))))
        x0 = float(style.get("x", 72))
        x1 = float(style.get("x1", x0 + len(text) * WIDTH * size / 10))
        figures, _ = trailing_figures(text)
        lines.append(
            Line(
                start, start + len(text), x0, top, x1, top + size, size,
                bold=bool(style.get("bold")), italic=bool(style.get("italic")),
                figures=figures, gap=100.0 if figures == 1 and style.get("gap") else 0.0,
            )
        )  # fmt: skip
        texts.append(text)
        start += len(text) + 1
        top += 1.2 * size
    return Sheet(number, "\n".join(texts), tuple(lines), 612, 792, **entries)


def read(page: Sheet, *others: Sheet) -> list[tuple[BlockKind, str, int]]:
    _, blocks = next(iter(lay_out([page, *others])))
    return [(block.kind, page.text[block.start : block.end], block.level) for block in blocks]


def kinds(page: Sheet, *others: Sheet) -> list[tuple[BlockKind, str]]:
    return [(kind, text) for kind, text, _ in read(page, *others)]


def test_every_line_is_in_one_block_and_blocks_are_in_order() -> None:
    page = sheet([row("Title", size=20), *[PROSE] * 3, row("Sales 10 20"), row("Costs 5 10"), "7"])
    _, blocks = next(iter(lay_out([page])))
    covered = "\n".join(page.text[block.start : block.end] for block in blocks)
    assert covered == page.text


@pytest.mark.parametrize(
    ("heading", "level"),
    [
        (row("Annual Report", size=20), 1),
        (row("Results", size=14), 2),
        (row("Results", size=12), 3),
        (row("Results of the year", bold=True), 4),
        (row("2. Méthodes", size=14), 2),
        (row("2.1 Datenquellen", bold=True), 3),
        (row("2.1.4 Sources", bold=True), 4),
        (row("Item 7. Discussion and Analysis", bold=True), 2),
        (row("PART II", bold=True), 1),
        (row("第二章 研究方法", bold=True), 2),
        (row("النتائج", bold=True), 4),
        (row("परिणाम और चर्चा", size=14), 2),
        (row("RISK FACTORS", drop=12), 5),
        (row("Domestic segment", italic=True, drop=12), 5),
    ],
)
def test_headings_and_their_levels(heading: Row, level: int) -> None:
    after = row(PROSE, drop=12)
    page = sheet([*[PROSE] * 4, heading, after, *[PROSE] * 6])
    assert (H, heading[0], level) in read(page)


@pytest.mark.parametrize(
    "line",
    [
        row("and so it ends in the middle", bold=True),
        row("first, second,", bold=True),
        row("Not set off at all"),
        row("(1) 2.5", bold=True),
        row("Net sales of the year were larger than ever before and grew by a tenth once more.", size=12),
    ],
)
def test_what_is_no_heading(line: Row) -> None:
    page = sheet([*[PROSE] * 4, line, *[PROSE] * 6])
    assert H not in [kind for kind, _ in kinds(page)]


def test_the_outline_names_headings_that_look_like_text() -> None:
    page = sheet([PROSE, "Overview", "Scope", *[PROSE] * 5], outline=(("Overview ", 1), ("Scope", 2)))
    assert [(text, level) for kind, text, level in read(page) if kind is H] == [("Overview", 1), ("Scope", 2)]


def test_lines_of_one_heading_stay_together() -> None:
    page = sheet([row("Ulta Beauty Announces", size=16), row("Fiscal Results", size=16), *[PROSE] * 5])
    assert read(page)[0] == (H, "Ulta Beauty Announces\nFiscal Results", 2)


def test_on_a_page_that_is_all_bold_nothing_is_a_heading_for_being_bold() -> None:
    page = sheet([row(f"Line {letter} of a form", bold=True, drop=9 * (n % 2)) for n, letter in enumerate("ABCDEFGH")])
    assert H not in [kind for kind, _ in kinds(page)]


def test_a_table_has_its_rows_and_the_headings_of_its_columns() -> None:
    rows = [
        row("(in millions) 2021 2020", x1=500),
        row("Cash flows from operations"),
        row("Net income $ 5,363 $ 4,869"),
        row("Depreciation (1,488) —"),
        row("Change 2.5 % (0.3)%"),
    ]
    page = sheet([*[PROSE] * 4, *rows, row(PROSE, drop=12), *[PROSE] * 2])
    assert (R, "\n".join(text for text, _ in rows)) in kinds(page)


def test_column_headings_right_of_the_labels_belong_to_the_table_and_its_title_does_not() -> None:
    page = sheet(
        [
            PROSE,
            row("Statements of Income", x=262, bold=True, drop=12),
            row("Three months ended", x=300),
            row("June 30, 2021 June 30, 2020", x=280),
            row("Sales 1,200 1,100"),
            row("Costs 900 800"),
        ]
    )
    assert kinds(page)[1][0] is H
    assert kinds(page)[2] == (
        R,
        "Three months ended\nJune 30, 2021 June 30, 2020\nSales 1,200 1,100\nCosts 900 800",
    )


def test_rows_with_one_figure_need_white_space_before_it() -> None:
    apart = sheet([*[PROSE] * 3, *[row(f"Cost of {name} 7.5%", gap=True) for name in ("sales", "staff", "rent")]])
    running = sheet([*[PROSE] * 3, *[row(f"Cost of {name} 7.5%") for name in ("sales", "staff", "rent")]])
    assert R in [kind for kind, _ in kinds(apart)]
    assert R not in [kind for kind, _ in kinds(running)]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Net income $ 5,363 $ 4,869 $ 5,058", 3),
        ("Other — net 9 (6) (4)", 3),
        ("Margin 37.2 % (0.3)% — n/a", 4),
        ("销售额 1,234 △5,678", 2),
        ("المبيعات ١٬٢٣٤ ٥٬٦٧٨", 2),
        ("as of December 31, 2021, and", 0),
        ("the years 2021 and 2020.", 0),
        ("in 2021, 2020,", 0),
        ("", 0),
        ("12", 1),
        ("Contents ........ 12", 1),
    ],
)
def test_figures_at_the_end_of_a_line(text: str, figures: int) -> None:
    count, start = trailing_figures(text)
    assert count == figures
    assert text[start:] == text[len(text) :] if not figures else text[start] not in " "


def own(number: int, lines: int) -> list[str]:
    """Lines that no other page has."""
    return [PROSE[-line:] + chr(ord("a") + number) * (line + 1) for line in range(lines)]


def running(number: int, total: int) -> Sheet:
    head, foot = row("Annual Report 2021", at=30), row(f"Page {number} of {total}", at=760)
    return sheet([head, row(PROSE[number:], at=80), *own(number, 5), foot], number)


def test_lines_that_repeat_at_the_edge_are_furniture() -> None:
    found = [
        [sheet.text[block.start : block.end] for block in blocks if block.kind is F]
        for sheet, blocks in lay_out(running(number, 12) for number in range(1, 13))
    ]
    assert found == [["Annual Report 2021", f"Page {number} of 12"] for number in range(1, 13)]


def test_a_page_number_is_furniture_wherever_the_text_ends() -> None:
    pages = [sheet([*own(number, 3 + number), row(str(number + 40), x=300, drop=20)], number) for number in range(1, 9)]
    assert kinds(pages[0], *pages[1:])[-1] == (F, "41")


def test_column_headings_that_repeat_on_every_page_are_no_furniture() -> None:
    pages = [sheet([row("2021 2020 2019", at=40, x=300), "Sales 1 2 3", f"Costs {n} 5 6"], n) for n in range(1, 9)]
    assert F not in [kind for kind, _ in kinds(pages[0], *pages[1:])]


def test_text_is_never_furniture_though_it_repeats() -> None:
    pages = [sheet([row(f"Own start {'abcdefgh'[n]}", at=30), row("The same line", at=60), PROSE], n) for n in range(8)]
    assert F not in [kind for kind, _ in kinds(pages[0], *pages[1:])]


def test_pages_come_out_in_order_and_early() -> None:
    seen: list[int] = []

    def pages() -> Iterable[Sheet]:
        for number in range(1, 31):
            seen.append(number)
            yield sheet([PROSE], number)

    out = lay_out(pages(), lookahead=3)
    assert next(out)[0].number == 1
    assert seen == [1, 2, 3, 4]
    assert [page.number for page, _ in out] == list(range(2, 31))


def test_paragraphs_end_at_white_space_at_bullets_and_at_indents() -> None:
    page = sheet(
        [
            PROSE,
            "and ends here.",
            row(PROSE, drop=10),
            row("• first point"),
            row("• second point"),
            row("which goes on", x=80),
            row(PROSE, x=90),
        ]
    )
    assert [text.split("\n")[0] for kind, text in kinds(page) if kind is T] == [
        PROSE,
        PROSE,
        "• first point",
        "• second point",
    ]
    assert kinds(sheet([PROSE, "the end.", row(f"The {PROSE}", x=90), PROSE]))[1][1].startswith("The")


def test_a_sentence_goes_on_in_the_next_column() -> None:
    page = sheet([*[row(PROSE[:50])] * 4, row("which goes on", x=330, at=60), row(PROSE[:50], x=330)])
    assert len(kinds(page)) == 1


def test_an_empty_page_has_no_blocks() -> None:
    assert [blocks for _, blocks in lay_out([sheet([])])] == [()]

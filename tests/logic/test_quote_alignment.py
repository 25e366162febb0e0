import pytest

from app.logic.quote_alignment import translated_quote
from app.models.domain import BlockKind
from app.models.translation import AlignedBlock, AlignedCell, AlignedPage


def page(number: int, *rows: tuple[tuple[str, str], ...], failed: bool = False) -> AlignedPage:
    cells = tuple(tuple(AlignedCell(source, target, failed) for source, target in row) for row in rows)
    return AlignedPage(number, (AlignedBlock(BlockKind.TEXT, cells),))


TWO = page(2, (("It opens at six. It closes at ten.", "Es öffnet um sechs. Es schließt um zehn."),))


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("It closes\nat ten.", "Es schließt um zehn."),
        ("opens at six", "Es öffnet um sechs."),
        ("six. It closes", "Es öffnet um sechs. Es schließt um zehn."),
        ("It sank.", None),
        ("", None),
    ],
)
def test_the_sentences_in_the_same_place(quote: str, found: str | None) -> None:
    assert translated_quote([TWO], quote, 2) == found


def test_another_number_of_sentences_gives_the_whole_paragraph() -> None:
    one = page(1, (("It opens. It closes.", "Es öffnet und schließt."),))
    assert translated_quote([one], "It closes.", 1) == "Es öffnet und schließt."


def test_a_row_of_a_table_is_found_across_its_cells() -> None:
    table = page(1, (("Revenue", "Umsatz"), ("26.5", "26.5")))
    assert translated_quote([table], "Revenue 26.5", 1) == "Umsatz 26.5"


def test_the_nearest_page_wins_and_far_ones_do_not_count() -> None:
    other = page(5, (("It closes at ten.", "Weit weg."),))
    assert translated_quote([other, TWO], "It closes at ten.", 2) == "Es schließt um zehn."
    assert translated_quote([other], "It closes at ten.", 2) is None
    assert translated_quote([other], "It closes at ten.", None) == "Weit weg."


def test_what_was_not_translated_is_no_translation() -> None:
    assert translated_quote([page(1, (("It sank.", "It sank."),), failed=True)], "It sank.", 1) is None

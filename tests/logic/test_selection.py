"""From ranked chunks to passages."""

from app.logic.selection import Ranked, groups, neighbours, text_and_spans, widened
from app.models.domain import BlockKind, Span
from app.models.records import StoredChunk


def chunk(ordinal: int, text: str, *, page: int = 1, version: str = "v", headings: tuple[str, ...] = ()) -> StoredChunk:
    start = ordinal * 1000
    return StoredChunk(
        f"{version}{ordinal}",
        version,
        ordinal,
        text,
        (Span(page, start, start + len(text)),),
        headings,
        100,
        BlockKind.TEXT,
    )


def ranked(*chunks: StoredChunk) -> list[Ranked]:
    return [Ranked(item, 1 - place / 10) for place, item in enumerate(chunks)]


def test_neighbours_on_one_page_become_one_passage_in_the_order_of_the_text() -> None:
    made = groups(ranked(chunk(3, "third"), chunk(2, "second")), limit=5, max_tokens=500)
    assert [[item.ordinal for item in group.chunks] for group in made] == [[2, 3]]
    assert (made[0].best.ordinal, made[0].score) == (3, 1.0)


def test_a_page_gives_one_passage_and_the_limit_holds() -> None:
    items = [chunk(0, "a b c"), chunk(5, "d e f"), chunk(9, "g h i", page=2), chunk(12, "j k l", page=3)]
    made = groups(ranked(*items), limit=2, max_tokens=500)
    assert [group.best.ordinal for group in made] == [0, 9]


def test_a_passage_grows_only_while_it_fits() -> None:
    made = groups(ranked(chunk(0, "a b"), chunk(1, "c d"), chunk(2, "e f")), limit=5, max_tokens=200)
    assert [item.ordinal for item in made[0].chunks] == [0, 1]


def test_what_nearly_repeats_is_left_out_in_every_script() -> None:
    english = "the board met on the third day of May and chose a new chair for the coming year"
    chinese = "董事会于五月三日开会，选出了来年的新主席。"
    items = [
        chunk(0, english),
        chunk(0, english + " again", version="w"),
        chunk(1, chinese, page=2),
        chunk(1, chinese, page=2, version="w"),
        chunk(2, english.replace("May", "June").replace("third", "ninth"), page=3, version="x"),
    ]
    made = groups(ranked(*items), limit=5, max_tokens=500)
    assert [group.best.id for group in made] == ["v0", "v1", "x2"]


def test_widening_takes_neighbours_of_the_same_page_and_section() -> None:
    [group] = groups(ranked(chunk(5, "core", headings=("A",))), limit=1, max_tokens=500)
    before, after = neighbours(group)
    around = {before: chunk(4, "of another section", headings=("B",)), after: chunk(6, "goes on", headings=("A",))}
    assert [item.ordinal for item in widened(group, around, max_tokens=500).chunks] == [5, 6]
    assert [item.ordinal for item in widened(group, around, max_tokens=150).chunks] == [5]
    elsewhere = {after: chunk(6, "next page", page=2, headings=("A",))}
    assert [item.ordinal for item in widened(group, elsewhere, max_tokens=500).chunks] == [5]


def test_text_stands_at_its_spans_and_is_told_once() -> None:
    page = "हिन्दी में €100. Then more, and the end."
    first = StoredChunk("a", "v", 0, page[:25], (Span(1, 0, 25),), (), 5, BlockKind.TEXT)
    second = StoredChunk("b", "v", 1, page[16:], (Span(1, 16, len(page)),), (), 5, BlockKind.TEXT)
    text, spans = text_and_spans([first, second])
    assert spans == (Span(1, 0, 25), Span(1, 25, len(page)))
    assert text == "\n".join(page[span.start : span.end] for span in spans)


def test_a_chunk_that_lies_within_its_neighbour_adds_nothing() -> None:
    first = StoredChunk("a", "v", 0, "one two three", (Span(1, 0, 13),), (), 5, BlockKind.TEXT)
    second = StoredChunk("b", "v", 1, "two", (Span(1, 4, 7),), (), 5, BlockKind.TEXT)
    assert text_and_spans([first, second]) == ("one two three", (Span(1, 0, 13),))

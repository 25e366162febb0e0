import unicodedata
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.logic.chunking import embedding_text, keyword_entry, split
from app.models.domain import Block, BlockKind, Chunk, Locator, Page


def count(text: str) -> int:
    """Four ASCII characters of a word are a token, and so is any other character: much like a real tokenizer."""
    return sum(-(-sum(map(str.isascii, word)) // 4) + sum(not c.isascii() for c in word) for word in text.split())


def page(number: int, *parts: tuple[BlockKind, str] | tuple[BlockKind, str, int], locator: str = "") -> Page:
    """A page whose blocks are `parts`, one below the other."""
    text = ""
    blocks = []
    for kind, content, *level in parts:
        blocks.append(Block(kind, len(text), len(text) + len(content), *level))
        text += content + "\n"
    return Page(number, text, tuple(blocks), locator=Locator("slide", locator) if locator else None)


def paragraph(word: str, sentence_count: int = 5) -> str:
    return " ".join(f"The {word} sentence has number {i} here." for i in range(sentence_count))


H, T, TABLE, FURNITURE = BlockKind.HEADING, BlockKind.TEXT, BlockKind.TABLE, BlockKind.FURNITURE


def verbatim(chunk: Chunk, pages: Sequence[Page]) -> str:
    texts = {page.number: page.text for page in pages}
    return "\n".join(texts[span.page][span.start : span.end] for span in chunk.spans)


def test_sections_become_chunks_with_their_heading_path() -> None:
    pages = [
        page(
            1,
            (H, "Report", 1),
            (T, paragraph("first", 20)),
            (H, "Results", 2),
            (T, paragraph("second", 20)),
            (H, "Europe", 3),
            (T, paragraph("third", 20)),
            (H, "Outlook", 2),
            (T, paragraph("fourth", 20)),
        )
    ]
    chunks = split(pages, count, max_tokens=256)
    assert [chunk.headings for chunk in chunks] == [
        ("Report",),
        ("Report", "Results"),
        ("Report", "Results", "Europe"),
        ("Report", "Outlook"),
    ]
    assert [chunk.text.split("\n")[0] for chunk in chunks] == ["Report", "Results", "Europe", "Outlook"]
    assert [chunk.ordinal for chunk in chunks] == [0, 1, 2, 3]
    assert [chunk.headings for chunk in split(pages, count, title="Report")][:2] == [(), ("Results",)]


def test_furniture_is_left_out_and_a_section_goes_on_over_the_page_break() -> None:
    pages = [
        page(1, (FURNITURE, "ACME Annual Report"), (H, "Item 7", 1), (T, "We sell anvils and")),
        page(2, (FURNITURE, "ACME Annual Report"), (T, "ship them worldwide."), (FURNITURE, "46")),
    ]
    [chunk] = split(pages, count)
    assert chunk.text == "Item 7\nWe sell anvils and\nship them worldwide."
    assert [span.page for span in chunk.spans] == [1, 2]
    assert chunk.headings == ("Item 7",)


def test_furniture_inside_a_page_parts_the_spans() -> None:
    pages = [page(1, (T, "One column."), (FURNITURE, "NOTE"), (T, "Another one."))]
    [chunk] = split(pages, count)
    assert chunk.text == "One column.\nAnother one."
    assert len(chunk.spans) == 2


def test_page_without_blocks_is_read_by_paragraphs() -> None:
    text = "\n\n".join(paragraph(word, 6) for word in ("first", "second", "third", "fourth", "fifth"))
    chunks = split([Page(1, text)], count, max_tokens=128)
    assert len(chunks) > 1
    assert all(chunk.text.endswith(".") and chunk.text.startswith("The ") for chunk in chunks)


def test_long_paragraph_is_parted_at_sentences_and_evenly() -> None:
    chunks = split([Page(1, paragraph("same", 40))], count, max_tokens=100)
    assert all(chunk.text.endswith("here.") for chunk in chunks)
    sections = split([Page(1, "\n\n".join(paragraph("same", 2) for _ in range(14)))], count, max_tokens=200)
    sizes = [chunk.tokens for chunk in sections]
    assert len(sizes) == 2
    assert max(sizes) - min(sizes) <= 30


def test_heading_stays_with_a_paragraph_that_fills_a_chunk_by_itself() -> None:
    body = paragraph("body", 9)
    first, second = split([page(1, (H, "Item 7. Results", 1), (T, body))], count, max_tokens=count(body))
    assert first.text.startswith("Item 7. Results\nThe body sentence")
    assert second.text.startswith("The body sentence")
    assert second.headings == ("Item 7. Results",)


def test_cut_table_repeats_its_column_headings_in_the_context_only() -> None:
    rows = [f"Line item {i} $ {i},500 $ {i},300" for i in range(1, 60)]
    table = "\n".join(["(in millions) 2022 2021", *rows])
    pages = [page(1, (H, "Balance sheet", 1), (TABLE, table))]
    first, *rest = split(pages, count, max_tokens=128)
    assert first.headings == ("Balance sheet",)
    assert "(in millions)" in first.text
    assert len(rest) > 1
    for chunk in rest:
        assert chunk.headings == ("Balance sheet", "(in millions) 2022 2021")
        assert "(in millions)" not in chunk.text
        assert chunk.kind is BlockKind.TABLE
    lines = "\n".join(chunk.text for chunk in (first, *rest)).split("\n")
    assert [line for line in lines if line.startswith("Line")] == rows


def test_table_that_begins_with_figures_has_no_column_headings() -> None:
    table = "\n".join(f"{i},500 {i},300 and some words" for i in range(1, 80))
    assert {chunk.headings for chunk in split([page(1, (TABLE, table))], count, max_tokens=64)} == {()}


def test_short_lines_above_a_table_head_all_of_its_parts() -> None:
    rows = [f"Line item {i} {i},500 {i},300" for i in range(1, 30)]
    pages = [
        page(
            1,
            (T, paragraph("other", 10)),
            (T, "Consolidated balance sheet"),
            (T, "$ in millions 2022 2021"),
            (TABLE, "\n".join(rows[:15])),
            (T, "Current liabilities:"),
            (TABLE, "\n".join(rows[15:])),
            (T, paragraph("more", 12)),
            (TABLE, "Cash 1,500 1,300"),
        )
    ]
    columns = "Consolidated balance sheet $ in millions 2022 2021"
    other, captioned, *rest, last = split(pages, count, max_tokens=130)
    assert "sheet" not in other.text
    assert captioned.text.startswith("Consolidated balance sheet\n$ in millions 2022 2021\nLine item 1 ")
    assert captioned.headings == ()
    assert rest
    assert {chunk.headings for chunk in rest} == {(columns,)}
    assert any("Current liabilities:\nLine item 16 " in chunk.text for chunk in rest)
    assert last.text.endswith("Cash 1,500 1,300")
    assert last.headings == ()


def test_a_table_goes_on_over_the_page_under_the_headings_of_the_page_before() -> None:
    rows = [f"Line item {i} {i},500 {i},300" for i in range(1, 40)]
    first = page(1, (T, "$ in millions 2022 2021"), (TABLE, "\n".join(rows[:20])))
    goes_on = split([first, page(2, (TABLE, "\n".join(rows[20:])))], count, max_tokens=60)
    assert {chunk.columns for chunk in goes_on} == {"$ in millions 2022 2021"}
    assert goes_on[-1].headings == ("$ in millions 2022 2021",)
    others = [(T, "Item 2"), (TABLE, "\n".join(rows[20:]))], [(TABLE, "\n".join(f"{row} 7" for row in rows))]
    for blocks in others:
        assert split([first, page(2, *blocks)], count, max_tokens=60)[-1].columns != "$ in millions 2022 2021"


def test_markdown_table_is_headed_by_its_first_row() -> None:
    table = "| Name | Town |\n|---|---|\n" + "\n".join(f"| Person {c} | Town {c} |" for c in "ABCDEFGHIJKLMNOP")
    chunks = split([page(1, (TABLE, table))], count, max_tokens=40)
    assert chunks[-1].headings == ("| Name | Town |",)


def test_crumbs_are_joined_to_the_neighbour_that_shares_their_headings() -> None:
    pages = [
        page(
            1,
            (H, "One", 1),
            (T, paragraph("long", 12)),
            (H, "Two", 1),
            (T, "Short."),
            (H, "Two A", 2),
            (T, paragraph("body", 12)),
        )
    ]
    first, second = split(pages, count, max_tokens=256)
    assert first.headings == ("One",)
    assert second.text.startswith("Two\nShort.\nTwo A")
    assert second.headings == ("Two",)


def test_last_heading_without_text_is_kept() -> None:
    pages = [page(1, (H, "One", 1), (T, "Text."), (H, "The end", 1))]
    assert "\n".join(chunk.text for chunk in split(pages, count)) == "One\nText.\nThe end"


def test_slides_are_never_joined() -> None:
    pages = [page(i, (H, f"Slide {i}", 1), (T, "Short."), locator=str(i)) for i in (1, 2, 3)]
    chunks = split(pages, count)
    assert [chunk.text for chunk in chunks] == [f"Slide {i}\nShort." for i in (1, 2, 3)]
    untitled = [page(1, (H, "Agenda", 1), (T, "One."), locator="1"), page(2, (T, "Two."), locator="2")]
    assert [chunk.headings for chunk in split(untitled, count)] == [("Agenda",), ()]


@pytest.mark.parametrize("unit", ["x", "中", "กา", "ि", " ", "a\u0301", "- ", "\n", "\n\nA", "۔"])
def test_giant_text_without_breaks_costs_countings_proportional_to_its_length(unit: str) -> None:
    text = unicodedata.normalize("NFC", unit * 100_000)
    calls = 0

    def counting(piece: str) -> int:
        nonlocal calls
        calls += 1
        assert len(piece) < 10_000
        return count(piece)

    chunks = split([Page(1, text)], counting, max_tokens=256)
    assert all(0 < count(chunk.text) <= 256 for chunk in chunks)
    assert "".join("".join(chunk.text.split()) for chunk in chunks) == "".join(text.split())
    assert calls < 10 * len(chunks) + 10 or unit == "\n\nA"


def test_no_cut_before_a_combining_mark() -> None:
    for chunk in split([Page(1, "กำ้" * 2000)], count, max_tokens=64):
        assert not unicodedata.category(chunk.text[0]).startswith("M")


def test_nothing_to_chunk() -> None:
    assert split([], count) == []
    assert split([Page(1, " \n\n\t")], count) == []
    assert split([page(1, (FURNITURE, "46"))], count) == []


_WORDS = st.text(st.sampled_from(list("ab .\n\n净利。กา\u0e49है|1,")), max_size=120)
_PAGES = st.lists(
    st.lists(st.tuples(st.sampled_from(list(BlockKind)), _WORDS, st.integers(1, 4)), max_size=6), max_size=4
).map(lambda pages: [page(i + 1, *parts) for i, parts in enumerate(pages)])


@given(_PAGES, st.integers(8, 60))
def test_chunks_are_verbatim_ordered_complete_and_small(pages: list[Page], max_tokens: int) -> None:
    chunks = split(pages, count, max_tokens=max_tokens)
    spans = [(span.page, span.start, span.end) for chunk in chunks for span in chunk.spans]
    assert spans == sorted(spans)
    assert all(before[0] < after[0] or before[2] <= after[1] for before, after in pairwise(spans))
    for chunk in chunks:
        assert chunk.text == verbatim(chunk, pages)
        assert chunk.text.strip()
        assert count(chunk.text) <= max_tokens
    wanted = "".join(
        page.text[block.start : block.end] for page in pages for block in page.blocks if block.kind is not FURNITURE
    )
    assert "".join("".join(chunk.text.split()) for chunk in chunks) == "".join(wanted.split())


@given(st.lists(_WORDS, max_size=3))
def test_text_outside_blocks_is_not_lost(texts: list[str]) -> None:
    pages = [Page(i + 1, text, (Block(T, len(text) // 3, len(text) // 2),)) for i, text in enumerate(texts)]
    chunks = split(pages, count, max_tokens=40)
    assert "".join("".join(chunk.text.split()) for chunk in chunks) == "".join("".join(texts).split())


def test_embedding_text_says_where_the_chunk_stands() -> None:
    text = "Revenue\ngrew."
    assert embedding_text(text, ["Item 7", "Revenue"], title="Annual report", filename="x.pdf") == (
        "Annual report > Item 7\nRevenue\ngrew."
    )
    assert embedding_text("Text.", [], title=None, filename="ACME_2022-Q3_report.v2.pdf") == (
        "ACME 2022-Q3 report v2\nText."
    )
    assert embedding_text("Text.", ["Report"], title="Report", filename="x.pdf") == "Report\nText."
    assert embedding_text("Text.", [], title=None, filename="a00_p17.txt") == "Text."
    assert embedding_text("Text.", [], title=None, filename="3M_2018.pdf") == "3M 2018\nText."
    assert embedding_text("Text.", [], title=None, filename="年报.pdf") == "年报\nText."
    context, _, rest = embedding_text("Text.", ["a" * 150, "b" * 150], title="Title", filename="x.pdf").partition("\n")
    assert context == "Title > " + "b" * 150
    assert rest == "Text."
    assert len(embedding_text("T", ["é" * 500], title="x" * 500, filename="x").partition("\n")[0]) == 240


def test_keyword_entry_has_name_title_and_headings_as_context() -> None:
    entry = keyword_entry(
        "净利润 grew 12%",
        ["Results"],
        chunk_id="c",
        version_id="v",
        document_id="d",
        title="Annual report",
        filename="ACME_2022_10-K.pdf",
        language="en",
    )
    assert (entry.chunk_id, entry.version_id, entry.document_id) == ("c", "v", "d")
    assert {"净利", "利润", "grew", "12", "~grew", "~净", "~利", "~润"} == set(entry.body)
    assert {"acme", "2022", "10k", "annual", "report", "results", "~result"} <= set(entry.context)


def test_overlapping_chunks_begin_with_the_end_of_the_one_before() -> None:
    pages = [
        page(1, (H, "Report", 1), *((T, paragraph(f"w{n}", 4)) for n in range(12))),
        page(2, (T, paragraph("z", 9))),
    ]
    whole = split(pages, count, max_tokens=100)
    chunks = split(pages, count, max_tokens=100, overlap=40)
    assert len(chunks) > len(whole)
    for before, after in pairwise(chunks):
        shared = [
            (max(one.start, other.start), min(one.end, other.end))
            for one in before.spans
            for other in after.spans
            if one.page == other.page and max(one.start, other.start) < min(one.end, other.end)
        ]
        assert shared
        [(start, end)] = shared[-1:]
        assert 0 < count(pages[before.spans[-1].page - 1].text[start:end]) <= 40
    for chunk in chunks:
        assert count(chunk.text) <= 100
        assert chunk.text == verbatim(chunk, pages)
    covered = {(span.page, at) for chunk in chunks for span in chunk.spans for at in range(span.start, span.end)}
    lost = [(p.number, at) for p in pages for at, c in enumerate(p.text) if c.strip() and (p.number, at) not in covered]
    assert lost == []


def test_an_overlap_is_half_at_most_and_never_reaches_into_another_slide() -> None:
    slides = [page(n, (T, paragraph(f"s{n}", 30)), locator=f"slide {n}") for n in (1, 2)]
    chunks = split(slides, count, max_tokens=64, overlap=1000)
    assert all(len({span.page for span in chunk.spans}) == 1 for chunk in chunks)
    assert max(count(chunk.text) for chunk in chunks) <= 64
    sentence = [page(1, (T, "word " * 400))]  # nowhere to cut but between words
    assert all(
        one.spans[-1].end > other.spans[0].start
        for one, other in pairwise(split(sentence, count, max_tokens=50, overlap=20))
    )

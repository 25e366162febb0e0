"""What tells a passage that answers from one that only shares words."""

import pytest

from app.logic.rerank_features import FEATURES, features
from app.models.domain import Passage
from tests.fakes.passages import passage


def rows(question: str, *passages: Passage) -> list[dict[str, float]]:
    made = features(question, passages)
    assert all(0 <= value <= 1 for row in made for value in row)
    return [dict(zip(FEATURES, row, strict=True)) for row in made]


def test_words_together_beat_words_apart() -> None:
    filler = "and then it went on for a long while about something else entirely " * 4
    near, far = rows(
        "When was the iron bridge opened?",
        passage("The iron bridge was opened in 1779."),
        passage(f"An iron gate. {filler} A bridge. {filler} It opened."),
    )
    assert near["window"] > far["window"]
    assert near["pairs"] > far["pairs"]


def test_the_beginning_of_a_word_counts_a_little() -> None:
    whole, part, none = rows(
        "Wo liegt der Bahnhof?",
        passage("Der Bahnhof liegt im Norden.", language="de"),
        passage("Bahnhofstraße", language="de"),
        passage("Ein Park", language="de"),
    )
    assert whole["words"] > part["words"] > none["words"] == 0


@pytest.mark.parametrize(
    ("question", "text", "other", "language"),
    [
        ("长城有多长？", "长城全长两万多公里。", "黄河流经九个省。", "zh"),
        ("أين يقع المتحف؟", "يقع المتحف في القاهرة.", "النيل نهر طويل.", "ar"),
        ("संग्रहालय कहाँ है?", "संग्रहालय दिल्ली में है।", "नदी लंबी है।", "hi"),
        ("พิพิธภัณฑ์อยู่ที่ไหน", "พิพิธภัณฑ์อยู่ในกรุงเทพ", "แม่น้ำยาวมาก", "th"),
    ],
)
def test_words_count_in_every_script(question: str, text: str, other: str, language: str) -> None:
    answering, beside = rows(question, passage(text, language=language), passage(other, language=language))
    assert answering["words"] > beside["words"]


def test_a_statement_is_known_by_its_title_and_its_figures() -> None:
    table = "Consolidated Balance Sheets\nCurrent assets 1,204 1,377\nCurrent liabilities 980 1,002\nInventories 310"
    prose = "Our quick ratio is one of several measures by which the board looks at the year."
    statement, text = rows("What is the quick ratio?", passage(table), passage(prose))
    for name in ("title", "figures", "printed"):
        assert statement[name] > text[name]


def test_headings_are_titles_too() -> None:
    under, elsewhere = rows(
        "What is the quick ratio?", passage("Cash 12", headings=("Balance Sheets",)), passage("Cash 12")
    )
    assert under["title"] > elsewhere["title"] == 0


def test_who_asks_for_reasons_wants_no_statement() -> None:
    [row] = rows("What drove the gross margin?", passage("Consolidated Statements of Income\nNet sales 1,204 1,377"))
    assert (row["title"], row["figures"]) == (0, 0)


def test_scores_of_the_searches_are_put_on_one_scale() -> None:
    scored = [{"keyword": 4.0, "vector": 0.9, "document": 1.0}, {"keyword": 2.0, "vector": 0.8}, {"vector": 0.7}]
    first, second, third = rows("Where do trains stop?", *(passage("trains stop here", scores=one) for one in scored))
    assert [row["keyword"] for row in (first, second, third)] == [1.0, 0.5, 0.0]
    assert [row["vector"] for row in (first, second, third)] == [1.0, 0.0, 0.0]
    assert [row["document"] for row in (first, second, third)] == [1.0, 0.0, 0.0]


def test_a_page_whose_chunks_do_well_together_is_supported() -> None:
    together = [passage("trains a", scores={"keyword": 4.0}), passage("trains b", scores={"keyword": 4.0})]
    alone = passage("trains c", first_page=9, scores={"keyword": 4.0})
    first, second, third = rows("trains", *together, alone)
    assert first["page"] == second["page"] == 1.0
    assert third["page"] == 0.5


def test_no_passages_no_rows() -> None:
    assert features("anything", []) == []


def test_keyword_search_counts_little_where_it_knows_little_of_the_question() -> None:
    [foreign] = rows("曼宁在2016年多大？", passage("In 2016 the town had two bridges.", scores={"keyword": 4.0}))
    [known] = rows("How many bridges had the town?", passage("The town had two bridges.", scores={"keyword": 4.0}))
    assert foreign["keyword"] < known["keyword"] == 1.0

from app.evaluation.dataset import Case
from app.evaluation.gold import Place, reached, targets
from app.logic.quotes import fold
from app.models.domain import Span

PAGES = {
    1: "Contents. Net sales 12.",
    2: "Net sales rose by 5% to “1,577” million\neuros. Costs fell.",
    3: "销售额增长了百分之五。 Net sales rose by 5% to \"1,577\" million euros.",
}  # fmt: skip
FOLDED = {number: fold(text) for number, text in PAGES.items()}


def case(**known: object) -> Case:
    return Case("1", "?", document="a.pdf", **known)  # type: ignore[arg-type]


def test_pages_are_found_one_by_one() -> None:
    gold, lost = targets(case(pages=(2, 5)), "d1", FOLDED)
    assert gold == ((Place("d1", 2),), (Place("d1", 5),))
    assert lost == ()
    assert reached(gold, "d1", [Span(1, 0, 9), Span(2, 0, 3)]) == (0,)
    assert reached(gold, "d2", [Span(2, 0, 9)]) == ()


def test_a_quote_is_found_in_other_clothes_and_wherever_it_stands() -> None:
    quote = 'net sales rose by 5% to "1,577" million euros.'
    [target], lost = targets(case(quotes=(quote,)), "d1", FOLDED)
    assert [(place.page, PAGES[place.page or 0][place.start : place.end][:9]) for place in target] == [
        (2, "Net sales"),
        (3, "Net sales"),
    ]
    assert lost == ()
    [named], _ = targets(case(quotes=(quote,), pages=(3,)), "d1", FOLDED)
    assert [place.page for place in named] == [3]


def test_touching_a_quote_by_a_word_is_not_finding_it() -> None:
    gold, _ = targets(case(quotes=("Net sales rose by 5% to “1,577” million",)), "d1", {2: FOLDED[2]})
    assert reached(gold, "d1", [Span(2, 0, len(PAGES[2]))]) == (0,)
    assert reached(gold, "d1", [Span(2, 0, 30)]) == (0,)
    assert reached(gold, "d1", [Span(2, 30, 60)]) == ()
    assert reached(gold, "d1", [Span(1, 0, 30)]) == ()


def test_a_quote_that_stands_nowhere_is_told_and_cannot_be_reached() -> None:
    gold, lost = targets(case(quotes=("销售额增长了百分之五", "销售额下降")), "d1", FOLDED)
    assert lost == ("销售额下降",)
    assert reached(gold, "d1", [Span(page, 0, len(text)) for page, text in PAGES.items()]) == (0,)


def test_a_document_alone_and_nothing_at_all() -> None:
    gold, _ = targets(case(), "d1", {})
    assert reached(gold, "d1", [Span(9, 0, 1)]) == (0,)
    assert targets(Case("1", "?"), "", {}) == ((), ())
    assert targets(case(answerable=False), "d1", {}) == ((), ())

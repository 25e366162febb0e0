"""Each figure on outcomes small enough to count by hand."""

import math

import pytest

from app.evaluation.dataset import Case
from app.evaluation.metrics import MEASURES
from app.evaluation.outcomes import Outcome, Seen

ANSWERABLE = Case("1", "?", answers=("1,577",), document="a", language="en")
UNANSWERABLE = Case("2", "?", answerable=False, language="en")


def passages(*reached: tuple[int, ...]) -> tuple[Seen, ...]:
    return tuple(Seen("a", 1, targets) for targets in reached)


def figure(name: str, case: Case, outcome: Outcome) -> tuple[float, float]:
    return MEASURES[name].pair(case, outcome)


@pytest.mark.parametrize(
    ("name", "value"),
    [("page_recall@1", 0.0), ("page_recall@3", 1.0), ("mrr@10", 0.5), ("ndcg@10", 1 / math.log2(3))],
)
def test_evidence_at_the_second_place(name: str, value: float) -> None:
    outcome = Outcome("1", targets=1, passages=passages((), (0,), (0,)))
    assert figure(name, ANSWERABLE, outcome) == pytest.approx((value, 1))


def test_ndcg_counts_each_target_once_and_knows_the_best_order() -> None:
    best = 1 + 1 / math.log2(3)
    both = Outcome("1", targets=2, passages=passages((0,), (0,), (1,)))
    assert figure("ndcg@10", ANSWERABLE, both) == pytest.approx(((1 + 1 / math.log2(4)) / best, 1))
    perfect = Outcome("1", targets=2, passages=passages((1,), (0,)))
    assert figure("ndcg@10", ANSWERABLE, perfect) == pytest.approx((1, 1))


def test_what_lies_beyond_the_tenth_place_is_not_found() -> None:
    outcome = Outcome("1", targets=1, passages=passages(*[()] * 10, (0,)))
    for name in ("page_recall@10", "mrr@10", "ndcg@10"):
        assert figure(name, ANSWERABLE, outcome) == (0, 1)


def test_without_known_evidence_nothing_is_said_of_finding_it() -> None:
    for name in ("page_recall@5", "mrr@10", "ndcg@10", "citation_precision", "citation_recall"):
        assert figure(name, ANSWERABLE, Outcome("1", passages=passages(()))) == (0, 0)


def test_answers() -> None:
    outcome = Outcome("1", answer="Sales fell. It was 1577.00 million [1].", lead="Sales fell.", status="answered")
    assert figure("answer_contains", ANSWERABLE, outcome) == (1, 1)
    assert figure("lead_contains", ANSWERABLE, outcome) == (0, 1)
    assert figure("exact_match", ANSWERABLE, outcome) == (0, 1)
    assert figure("answer_f1", ANSWERABLE, outcome) == pytest.approx((2 / 7, 1))
    assert figure("answer_f1", UNANSWERABLE, outcome) == (0, 0)


def test_a_refusal_is_no_answer_even_if_its_words_hold_it() -> None:
    outcome = Outcome("1", answer="The documents do not tell whether it is 1,577.", lead="1,577", status="not_found")
    for name in ("answer_contains", "lead_contains", "answered"):
        assert figure(name, ANSWERABLE, outcome) == (0, 1)


def test_citations_are_counted_one_by_one() -> None:
    cited = (Seen("a", 3, (0,)), Seen("a", 9), Seen("a", 3, (0,)), Seen("a", 8, quote="made up", valid=False))
    outcome = Outcome("1", targets=2, citations=cited, status="answered")
    assert figure("citation_precision", ANSWERABLE, outcome) == (2, 4)
    assert figure("citation_recall", ANSWERABLE, outcome) == (1, 2)
    assert figure("quote_validity", ANSWERABLE, outcome) == (3, 4)


def test_refusals() -> None:
    answered = [(ANSWERABLE, Outcome("1", status="answered")), (UNANSWERABLE, Outcome("2", status="not_found"))]
    answered += [(ANSWERABLE, Outcome("1", status="not_found")), (UNANSWERABLE, Outcome("2", status="partial"))]
    for name, value in (("refusal_precision", 1 / 2), ("refusal_recall", 1 / 2), ("refusal_f1", 2 / 4)):
        pairs = [figure(name, case, outcome) for case, outcome in answered]
        assert sum(counted for counted, _ in pairs) / sum(total for _, total in pairs) == value


def test_a_rejected_answer_again() -> None:
    case = Case("1", "?", rejected=("In 1066.",))
    assert figure("rejected_again", case, Outcome("1", answer="in 1066 [1]", status="answered")) == (1, 1)
    assert figure("rejected_again", case, Outcome("1", answer="In 1067.", status="answered")) == (0, 1)


def test_an_error_is_a_failure_and_has_no_latency() -> None:
    broken = Outcome("1", targets=1, error="llm_unavailable: ...")
    assert figure("failures", ANSWERABLE, broken) == (1, 1)
    assert figure("latency_p50", ANSWERABLE, broken) == (0, 0)
    assert figure("page_recall@5", ANSWERABLE, broken) == (0, 1)
    assert figure("answered", ANSWERABLE, broken) == (0, 1)


def test_tokens_are_of_answers_that_a_model_wrote() -> None:
    assert figure("prompt_tokens", ANSWERABLE, Outcome("1", mode="extract")) == (0, 0)
    wrote = Outcome("1", mode="generate", prompt_tokens=100, completion_tokens=10)
    assert figure("prompt_tokens", ANSWERABLE, wrote) == (100, 1)
    assert figure("fallbacks", ANSWERABLE, wrote) == (0, 1)
    assert figure("fallbacks", ANSWERABLE, Outcome("1", mode="extract", fallback=True)) == (1, 1)

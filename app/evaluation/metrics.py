"""The figures, as one table. Pure.

Each case gives a pair (counted, out of how many); a figure is the sum of the first over the sum of the second, so that
means, micro-averages and F1 are one thing, can be resampled alike, and a case to which a figure does not apply counts
as (0, 0). Medians and percentiles take the first number of the cases that apply.

Sources: recall among the first k as in Karpukhin et al. 2020 (top-k accuracy); MRR in Voorhees 1999; nDCG in Järvelin
and Kekäläinen 2002; F1 and exact match in Rajpurkar et al. 2016; citation precision and recall in Gao et al. 2023
(ALCE), here against the gold place and not a model's opinion; refusals in Rajpurkar et al. 2018.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from app.evaluation import matching
from app.evaluation.dataset import Case
from app.evaluation.outcomes import Outcome, Seen

Pair = tuple[float, float]
NOTHING: Pair = (0.0, 0.0)
DEPTH = 10
AT = (1, 3, 5, 10)


@dataclass(frozen=True, slots=True)
class Measure:
    name: str
    label: str
    pair: Callable[[Case, Outcome], Pair]
    unit: Literal["share", "ms", "tokens"] = "share"
    quantile: float | None = None
    """Of a median (0.5) or percentile; None for a ratio."""
    higher_is_better: bool = True
    about_refusals: bool = False
    """Says nothing of cases that can all be answered."""


def first_hit(passages: Sequence[Seen]) -> int | None:
    """Place (from 0) of the first passage that reaches a target."""
    return next((place for place, seen in enumerate(passages) if seen.reached), None)


def _sought(outcome: Outcome) -> bool:
    return outcome.targets > 0


def _recall(k: int) -> Callable[[Case, Outcome], Pair]:
    def pair(_: Case, outcome: Outcome) -> Pair:
        return (float(any(seen.reached for seen in outcome.passages[:k])), 1.0) if _sought(outcome) else NOTHING

    return pair


def _reciprocal_rank(_: Case, outcome: Outcome) -> Pair:
    hit = first_hit(outcome.passages[:DEPTH])
    return (0.0 if hit is None else 1 / (hit + 1), 1.0) if _sought(outcome) else NOTHING


def _ndcg(_: Case, outcome: Outcome) -> Pair:
    """A passage gains by each target that none before it reached; the best order has one target at each place."""
    if not _sought(outcome):
        return NOTHING
    found: set[int] = set()
    gain = 0.0
    for place, seen in enumerate(outcome.passages[:DEPTH]):
        fresh = set(seen.reached) - found
        gain += min(1, len(fresh)) / math.log2(place + 2)
        found |= fresh
    best = sum(1 / math.log2(place + 2) for place in range(min(DEPTH, outcome.targets)))
    return gain / best, 1.0


def _answers(score: Callable[[str, tuple[str, ...], str | None], float]) -> Callable[[Case, Outcome], Pair]:
    def pair(case: Case, outcome: Outcome) -> Pair:
        if not (case.answerable and case.answers):
            return NOTHING
        return (0.0 if outcome.refused else float(score(outcome.answer, case.answers, case.language))), 1.0

    return pair


def _lead_contains(case: Case, outcome: Outcome) -> Pair:
    if not (case.answerable and case.answers):
        return NOTHING
    return float(not outcome.refused and matching.contains(outcome.lead, case.answers, case.language)), 1.0


def _citation_precision(_: Case, outcome: Outcome) -> Pair:
    if not _sought(outcome):
        return NOTHING
    return float(sum(bool(seen.reached) for seen in outcome.citations)), float(len(outcome.citations))


def _citation_recall(_: Case, outcome: Outcome) -> Pair:
    return float(len({number for seen in outcome.citations for number in seen.reached})), float(outcome.targets)


def _quote_validity(_: Case, outcome: Outcome) -> Pair:
    return float(sum(seen.valid for seen in outcome.citations)), float(len(outcome.citations))


def _refusal_precision(case: Case, outcome: Outcome) -> Pair:
    return float(outcome.refused and not case.answerable), float(outcome.refused)


def _refusal_recall(case: Case, outcome: Outcome) -> Pair:
    return float(outcome.refused and not case.answerable), float(not case.answerable)


def _refusal_f1(case: Case, outcome: Outcome) -> Pair:
    """2 TP / (2 TP + FP + FN), case by case."""
    right = float(outcome.refused and not case.answerable)
    return 2 * right, float(outcome.refused) + float(not case.answerable)


def _answered(case: Case, outcome: Outcome) -> Pair:
    return (float(bool(outcome.status) and not outcome.refused), 1.0) if case.answerable else NOTHING


def _rejected_again(case: Case, outcome: Outcome) -> Pair:
    if not case.rejected:
        return NOTHING
    return float(matching.exact(outcome.answer, case.rejected, case.language)), 1.0


def _of(field: str) -> Callable[[Case, Outcome], Pair]:
    def pair(_: Case, outcome: Outcome) -> Pair:
        return NOTHING if outcome.error else (float(getattr(outcome, field)), 1.0)

    return pair


def _tokens(field: str) -> Callable[[Case, Outcome], Pair]:
    """Only of answers that a model had a part in."""

    def pair(_: Case, outcome: Outcome) -> Pair:
        used = outcome.prompt_tokens + outcome.completion_tokens > 0
        return (float(getattr(outcome, field)), 1.0) if used else NOTHING

    return pair


def _by_model(_: Case, outcome: Outcome) -> Pair:
    return (float(outcome.fallback), 1.0) if outcome.fallback or outcome.mode == "generate" else NOTHING


def _failed(_: Case, outcome: Outcome) -> Pair:
    return float(outcome.error is not None), 1.0


_TABLE = (
    *(Measure(f"page_recall@{k}", f"Evidence among the first {k}", _recall(k)) for k in AT),
    Measure("mrr@10", "Mean reciprocal rank (10)", _reciprocal_rank),
    Measure("ndcg@10", "nDCG (10)", _ndcg),
    Measure("answer_contains", "Expected answer in the answer", _answers(matching.contains)),
    Measure("lead_contains", "… in its first two sentences", _lead_contains),
    Measure("answer_f1", "Answer F1", _answers(matching.f1)),
    Measure("exact_match", "Exact match", _answers(matching.exact)),
    Measure("citation_precision", "Citations that reach the evidence", _citation_precision),
    Measure("citation_recall", "Evidence that is cited", _citation_recall),
    Measure("quote_validity", "Quotes verbatim where they say", _quote_validity),
    Measure("answered", "Answerable questions answered", _answered),
    Measure("refusal_precision", "Refusals that were right", _refusal_precision, about_refusals=True),
    Measure("refusal_recall", "Unanswerable questions refused", _refusal_recall, about_refusals=True),
    Measure("refusal_f1", "Refusal F1", _refusal_f1, about_refusals=True),
    Measure("rejected_again", "Rejected answers given again", _rejected_again, higher_is_better=False),
    Measure("latency_p50", "Answer, median", _of("milliseconds"), "ms", 0.5, False),
    Measure("latency_p95", "Answer, 95th percentile", _of("milliseconds"), "ms", 0.95, False),
    Measure("first_token_p50", "First word, median", _of("first_token"), "ms", 0.5, False),
    Measure("search_p50", "Search, median", _of("search"), "ms", 0.5, False),
    Measure("prompt_tokens", "Prompt tokens an answer", _tokens("prompt_tokens"), "tokens", None, False),
    Measure("completion_tokens", "Written tokens an answer", _tokens("completion_tokens"), "tokens", None, False),
    Measure("fallbacks", "Answers the model failed to give", _by_model, higher_is_better=False),
    Measure("failures", "Questions that ended in an error", _failed, higher_is_better=False),
)
MEASURES = {measure.name: measure for measure in _TABLE}

"""All figures of a run: overall, by language and by document; and what changed since another run. Pure."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.evaluation.dataset import Case
from app.evaluation.intervals import Difference, Estimate, difference, estimate, holm
from app.evaluation.metrics import MEASURES, Measure
from app.evaluation.outcomes import Outcome

Answered = tuple[Case, Outcome]
Figures = Mapping[str, Estimate]
"""By the name of the measure; those that apply."""
SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Results:
    overall: Figures
    languages: Mapping[str, Figures]
    documents: Mapping[str, Figures]


@dataclass(frozen=True, slots=True)
class Change:
    """`p` is corrected for all measures together (Holm)."""

    measure: Measure
    before: float
    after: float
    difference: Difference
    p: float

    @property
    def verdict(self) -> str:
        if self.p >= SIGNIFICANT or not self.difference.delta:
            return "same"
        return "better" if (self.difference.delta > 0) == self.measure.higher_is_better else "worse"


def results(answered: Sequence[Answered]) -> Results:
    return Results(
        figures(answered),
        _by(answered, lambda case: case.language or ""),
        _by([item for item in answered if item[0].document], lambda case: case.document or ""),
    )


def figures(answered: Sequence[Answered]) -> dict[str, Estimate]:
    refusable = any(not case.answerable for case, _ in answered)
    found = {
        name: estimate(measure, [measure.pair(case, outcome) for case, outcome in answered])
        for name, measure in MEASURES.items()
        if refusable or not measure.about_refusals
    }
    return {name: value for name, value in found.items() if value is not None}


def changes(before: Sequence[Answered], after: Sequence[Answered]) -> list[Change]:
    """Of the questions that both runs asked, told by their ids and words."""
    known = {(case.id, case.question): (case, outcome) for case, outcome in before}
    pairs = [
        (known[case.id, case.question], (case, outcome)) for case, outcome in after if (case.id, case.question) in known
    ]
    refusable = any(not case.answerable for _, (case, _) in pairs)
    found: dict[str, tuple[float, float, Difference]] = {}
    for name, measure in MEASURES.items():
        if measure.about_refusals and not refusable:
            continue
        old = [measure.pair(case, outcome) for (_, outcome), (case, _) in pairs]
        new = [measure.pair(case, outcome) for _, (case, outcome) in pairs]
        first, second, apart = estimate(measure, old), estimate(measure, new), difference(measure, old, new)
        if first and second and apart:
            found[name] = (first.value, second.value, apart)
    corrected = holm({name: apart.p for name, (_, _, apart) in found.items()})
    return [Change(MEASURES[name], *values, corrected[name]) for name, values in found.items()]


def _by(answered: Sequence[Answered], key_of: Callable[[Case], str]) -> dict[str, Figures]:
    groups: dict[str, list[Answered]] = defaultdict(list)
    for item in answered:
        groups[key_of(item[0])].append(item)
    return {key: figures(groups[key]) for key in sorted(groups)}

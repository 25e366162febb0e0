from app.evaluation.dataset import Case
from app.evaluation.outcomes import Outcome, Seen
from app.evaluation.results import Answered, changes, results


def answered(right: int, wrong: int, language: str = "en", document: str | None = "a.pdf") -> list[Answered]:
    """Questions whose evidence comes first, and others whose evidence does not come."""
    hit, miss = (Seen("a.pdf", 1, (0,)),), (Seen("a.pdf", 9),)
    return [
        (
            Case(f"{language}-{document}-{number}", "?", document=document, language=language),
            Outcome("", targets=1, passages=hit if number < right else miss, status="answered", milliseconds=10.0),
        )
        for number in range(right + wrong)
    ]


def test_figures_of_all_of_each_language_and_of_each_document() -> None:
    found = results([*answered(3, 1), *answered(1, 3, "zh", "b.pdf"), *answered(1, 0, "", None)])
    assert found.overall["page_recall@1"].value == 5 / 9
    assert {name: figures["page_recall@5"].value for name, figures in found.languages.items()} == {
        "": 1.0, "en": 0.75, "zh": 0.25
    }  # fmt: skip
    assert {name: figures["page_recall@5"].cases for name, figures in found.documents.items()} == {
        "a.pdf": 4,
        "b.pdf": 4,
    }


def test_refusals_are_no_subject_where_every_question_can_be_answered() -> None:
    refused = Outcome("", targets=1, status="not_found")
    case = Case("1", "?", document="a.pdf")
    assert not [name for name in results([(case, refused)]).overall if name.startswith("refusal")]
    mixed = [(case, refused), (Case("2", "?", answerable=False), refused)]
    assert results(mixed).overall["refusal_precision"].value == 0.5
    assert not [change for change in changes([(case, refused)], [(case, refused)]) if "refusal" in change.measure.name]


def test_what_got_better_what_got_worse_and_what_may_be_chance() -> None:
    before, after = answered(20, 40), answered(50, 10)
    verdicts = {change.measure.name: change.verdict for change in changes(before, after)}
    assert verdicts["page_recall@1"] == "better"
    assert verdicts["latency_p50"] == "same"
    assert {change.measure.name: change.verdict for change in changes(after, before)}["mrr@10"] == "worse"
    little = {change.measure.name: change for change in changes(before, answered(21, 39))}
    assert little["page_recall@1"].verdict == "same"
    assert little["page_recall@1"].p > 0.05


def test_slower_is_worse() -> None:
    fast = answered(30, 0)
    slow = [(case, Outcome("", targets=1, passages=o.passages, milliseconds=90.0)) for case, o in fast]
    assert {change.measure.name: change.verdict for change in changes(fast, slow)}["latency_p50"] == "worse"


def test_only_questions_that_both_runs_asked_are_compared() -> None:
    before, after = answered(10, 10), answered(10, 10, "zh")
    assert changes(before, after) == []
    [change] = [item for item in changes(before, [*before, *after]) if item.measure.name == "page_recall@1"]
    assert (change.before, change.after, change.difference.cases) == (0.5, 0.5, 20)

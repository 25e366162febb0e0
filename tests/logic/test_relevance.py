"""From features to the chance that a passage answers."""

from app.logic.relevance import CONFIDENCE, RerankWeights, confidence, scores
from app.logic.rerank_features import FEATURES, features
from tests.fakes.passages import passage

WEIGHTS = RerankWeights(dict.fromkeys(FEATURES, 1.0), dict.fromkeys(CONFIDENCE, 2.0), -2.0)
ANSWER = passage("The iron bridge was opened in 1779.", scores={"keyword": 5.0, "vector": 0.9})
OTHERS = [passage(f"Number {n} is about rivers.", scores={"vector": 0.75}) for n in range(30)]


def test_the_best_comes_first_and_all_stay_within_bounds() -> None:
    passages = [*OTHERS, ANSWER]
    made = scores(passages, features("When was the iron bridge opened?", passages), WEIGHTS)
    assert max(range(len(made)), key=lambda i: made[i]) == len(OTHERS)
    assert all(0 < score < 1 for score in made)


def test_the_chance_is_lower_where_nothing_answers() -> None:
    question = "When was the iron bridge opened?"
    with_answer = scores([*OTHERS, ANSWER], features(question, [*OTHERS, ANSWER]), WEIGHTS)
    without = scores(OTHERS, features(question, OTHERS), WEIGHTS)
    assert max(without) < max(with_answer)


def test_a_lone_passage_is_not_held_against_a_crowd_that_is_not_there() -> None:
    alone = passage("通往城市的桥", scores={"vector": 0.8}, language="zh")
    crowd = [alone, *OTHERS]
    question = "Which bridge leads to town?"
    lonely = confidence([alone], features(question, [alone]), [0])
    crowded = confidence(crowd, features(question, crowd), [0])
    assert lonely["gap"] > 0.5
    assert crowded["gap"] == 0.5 or crowded["gap"] < lonely["gap"]
    assert lonely["foreign"] == 1.0


def test_no_passages_no_scores() -> None:
    assert scores([], [], WEIGHTS) == []

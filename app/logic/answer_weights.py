"""Learned by `scripts/tune_answers.py`; not edited by hand."""

SENTENCES = {
    "coverage": 5.19,
    "vector": 5.16,
    "context": 3.4,
    "rank": 1.94,
    "pairs": 2.13,
    "kind": 1.1,
    "passage": 0.26,
    "score": 1.19,
    "numbers": 1.33,
}
SAME = {
    "sentence": 1.24,
    "passage": 1.02,
    "missing": 1.91,
    "vector": 3.97,
    "kind": 0.36,
    "numbers": -1.28,
    "denies": -1.18,
    "alone": -1.6,
    "bias": -4.72,
}
FOREIGN = {
    "vector": 6.31,
    "shared": 0.02,
    "numbers": -1.09,
    "bias": -0.47,
}

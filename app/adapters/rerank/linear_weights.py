"""Learned by `scripts/tune_rerank.py`; not edited by hand."""

from app.logic.relevance import RerankWeights

WEIGHTS = RerankWeights(
    order={
        "keyword": 2.06,
        "vector": 2.49,
        "document": 2.33,
        "page": 0.75,
        "words": 2.28,
        "stems": 1.43,
        "window": 1.36,
        "pairs": 1.25,
        "printed": 2.36,
        "title": 2.77,
        "figures": 2.96,
    },
    confidence={
        "gap": 6.72,
        "words": 2.11,
        "stems": 2.27,
        "window": 2.03,
        "document": 4.48,
        "printed": 1.71,
        "foreign": 1.83,
    },
    bias=-4.54,
)

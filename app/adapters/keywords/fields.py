"""What all keyword indexes store of a chunk, and how much each field weighs."""

from collections.abc import Sequence

from app.logic.tokens import STEM
from app.models.domain import KeywordQuery

FORMAT = "4"
"""Raise it when fields or tokens change: an index of another format is removed and filled again."""
BODY, BODY_STEMS, CONTEXT, CONTEXT_STEMS = "body", "body_stems", "context", "context_stems"

WEIGHTS = {BODY: 0.7, BODY_STEMS: 1.0, CONTEXT: 0.5, CONTEXT_STEMS: 0.5}
"""Flat near these values: over paragraphs in six languages and over filings, half or twice as much changed little."""


def by_field(body: Sequence[str], context: Sequence[str]) -> dict[str, list[str]]:
    """Tokens under the field that holds them. Stems stand apart, so that phrases see forms alone."""
    return {
        BODY: [token for token in body if not token.startswith(STEM)],
        BODY_STEMS: [token for token in body if token.startswith(STEM)],
        CONTEXT: [token for token in context if not token.startswith(STEM)],
        CONTEXT_STEMS: [token for token in context if token.startswith(STEM)],
    }


def fields_of(term: str) -> tuple[str, str]:
    """The body and the context field in which a term is looked up."""
    return (BODY_STEMS, CONTEXT_STEMS) if term.startswith(STEM) else (BODY, CONTEXT)


def weighted(query: KeywordQuery) -> list[tuple[str, float]]:
    """The query's terms with their weights."""
    return list(zip(query.terms, query.weights or (1.0,) * len(query.terms), strict=True))

"""By what a translated segment is remembered: everything that could have changed it."""

import hashlib
from collections.abc import Sequence

from app.logic.glossaries import fingerprint
from app.logic.translation_prompts import VERSION
from app.models.translation import Pair, Segment, Term


def key(scope: str, piece: Segment, pair: Pair, terms: Sequence[Term], model: str) -> str:
    """SHA-256 (hex) over the scope, the segment as the model sees it, the languages, its terms, model and prompt.

    The segment's marks count, what they stand for does not: "see <x1/>" is translated once for every address.
    """
    said = (scope, piece.text, pair.source or "", pair.target, fingerprint(terms), model, VERSION)
    return hashlib.sha256("\0".join(said).encode()).hexdigest()


def correction_key(scope: str, piece: Segment, pair: Pair) -> str:
    """Of what a person said is the translation: it outlives models, prompts and glossaries."""
    said = ("correction", scope, piece.text, pair.source or "", pair.target)
    return hashlib.sha256("\0".join(said).encode()).hexdigest()

"""What an upload would bring and cost, told by a dry run: values only."""

from dataclasses import dataclass

from app.core.errors import DocubotError


@dataclass(frozen=True, slots=True)
class Estimate:
    """Of one file, or of several added up."""

    pages: int = 0
    characters: int = 0
    tokens: int = 0
    """That the embedding model would read, each chunk's context included."""
    chunks: int = 0
    ocr_pages: int = 0
    """Pages whose text has to be read by OCR; their tokens and chunks are guessed."""
    price: float = 0.0
    """Of embedding, in the currency of EMBEDDING_PRICE."""
    seconds: float = 0.0
    """Until it is ready, with nothing else in the queue."""

    def __add__(self, other: "Estimate") -> "Estimate":
        return Estimate(
            self.pages + other.pages,
            self.characters + other.characters,
            self.tokens + other.tokens,
            self.chunks + other.chunks,
            self.ocr_pages + other.ocr_pages,
            self.price + other.price,
            self.seconds + other.seconds,
        )


@dataclass(frozen=True, slots=True)
class DryOutcome:
    """One file of a dry run: what was found, or why it would be refused or fail."""

    filename: str
    archive: str | None = None
    """The ZIP that it came in, and `path` where it lies in it."""
    path: str | None = None
    bytes: int = 0
    sha256: str | None = None
    media_type: str | None = None
    duplicate: bool = False
    """The collection has these bytes: an upload would do no new work."""
    estimate: Estimate | None = None
    error: DocubotError | None = None

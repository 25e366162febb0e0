"""What comes out of a ZIP while it is unpacked."""

from dataclasses import dataclass

from app.core.errors import DocumentError


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """As many files and bytes as one upload may have."""

    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Member:
    """A file begins; its bytes follow."""

    path: str
    """As it is shown: `folder/file.pdf`. Nothing is written under it."""


@dataclass(frozen=True, slots=True)
class MemberEnd:
    """The file is whole, or is not because of `error`."""

    error: DocumentError | None = None


MemberEvent = Member | MemberEnd | bytes

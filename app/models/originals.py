"""Documents that stay in their own format: the text that is taken out of a file, and what is put back in its place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A paragraph of a file, in the order in which it stands there.

    `text` holds signs (see `logic.translation_signs`) around words with formatting of their own and for what is no
    text: pictures, references, fields.
    """

    page: int | None
    """Page or slide, from 1; None where the format does not say."""
    text: str


@dataclass(frozen=True, slots=True)
class Setting:
    """How translated text is set."""

    language: str
    """BCP 47."""
    right_to_left: bool = False


TURNED = "turned"
"""Of a line on its side or aslant, as a stamp in the margin or the name of an axis: it stays, as pictures do."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A unit whose translation is not in the file, though there is one."""

    unit: int
    reason: str
    """A stable word: `no_room`, `no_font`, `not_editable`, TURNED."""


WriteEvent = bytes | Misfit
"""The new file in pieces; before its first one, what could not be put in."""

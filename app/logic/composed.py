"""A figure asked from a table, told with what heads its row and its column, all as it stands there.

"Research and development expense (24.8) (21.6) (18.9)" answers no question about 2024; "Research and development
expense, 2024: (21.6)" does. Nothing is put into words of our own, so it reads the same way in every language.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.logic.chunking_tables import has_figures
from app.logic.evidence import terms
from app.logic.folding import HAN_KANA
from app.logic.periods import periods
from app.logic.printed import printed_names
from app.logic.question import Question
from app.logic.table_rows import TableRow

_MOST_CELLS = 4
"""Told of one row: more is the table again."""
_LONGEST = 300
_LABEL_CELLS = 3
_WHOLE_YEAR = re.compile(r"\b(?:twelve|12) months|\b(?:fiscal )?years? ended", re.IGNORECASE)
"""What a question for a year means, if there are quarters beside it."""
_UNSPACED = re.compile(rf"[{HAN_KANA}]")
_ARABIC = re.compile(r"[\u0600-\u06ff]")


@dataclass(frozen=True, slots=True)
class Composed:
    text: str
    told: bool
    """The question names the columns."""
    terms: frozenset[str]
    """What it says, for comparing it with the question."""


def composed(row: TableRow, question: Question, language: str | None) -> Composed | None:
    """The row as an answer; None where the question does not speak of it, or a row of words says more as it stands."""
    asked = question.terms(language)
    named = _named(row, question.text, asked, language)
    chosen = named or [index for index in _values(row) if _is_figure(row.cells[index])]
    label = _label(row, chosen, asked, language)
    if not label or not 0 < len(chosen) <= _MOST_CELLS or not _is_meant(label, question, language):
        return None
    marks = _marks(" ".join(row.cells))
    if len(chosen) == 1:
        said = marks.colon.join([marks.comma.join([*label, row.columns[chosen[0]]]), row.cells[chosen[0]]])
    else:
        cells = [f"{row.cells[index]} ({row.columns[index]})" for index in chosen]
        said = marks.colon.join([marks.comma.join(label), marks.comma.join(cells)])
    text = f"{said} ({row.units})" if row.units else said
    return Composed(text, bool(named), terms(" ".join(row.cells), language)) if len(text) <= _LONGEST else None


def _is_meant(label: Sequence[str], question: Question, language: str | None) -> bool:
    """The question says a word of what names the row, or the row has what it asks for under another name."""
    said = terms(" ".join(label), language)
    return bool(said & question.terms(language)) or any(
        said.issuperset(name) for name in printed_names(question, language)
    )


def _values(row: TableRow) -> list[int]:
    return [index for index, cell in enumerate(row.cells) if index and cell and row.columns[index]]


def _named(row: TableRow, question: str, asked: frozenset[str], language: str | None) -> list[int]:
    """The columns that the question names by its years, quarters and dates, else by its words; several where it names
    several, or where it does not tell them apart."""
    columns = {index: row.columns[index] for index in _values(row)}
    when = periods(question)
    shared = {index: periods(column) & when for index, column in columns.items()}
    dated = [index for index, found in shared.items() if any(not item.isdigit() for item in found)]
    dated = dated or [index for index, found in shared.items() if found]
    if dated:
        said = {index: len(asked & terms(columns[index], language)) for index in dated}
        whole = {index: count + bool(_WHOLE_YEAR.search(columns[index])) for index, count in said.items()}
        return _most(whole if all(map(str.isdigit, when)) else said) or dated
    own = terms(" ".join(row.cells), language)
    return _most({index: len(asked & terms(column, language) - own) for index, column in columns.items()})


def _most(counts: Mapping[int, int]) -> list[int]:
    """Those that count most, in their order; none where nothing counts."""
    best = max(counts.values(), default=0)
    return [index for index, count in counts.items() if best and count == best]


def _label(row: TableRow, chosen: Sequence[int], asked: frozenset[str], language: str | None) -> list[str]:
    """What names the row: its first cell, and further cells of words that the question names."""
    cells = [cell for index, cell in enumerate(row.cells) if index not in chosen and cell]
    first = cells[:1]
    named = [cell for cell in cells[1:] if not has_figures(cell) and terms(cell, language) & asked]
    return [*first, *named][:_LABEL_CELLS]


def _is_figure(cell: str) -> bool:
    return has_figures(cell) or cell.strip("$€£ ") in ("-", "–", "—")


@dataclass(frozen=True, slots=True)
class _Marks:
    comma: str
    colon: str


def _marks(text: str) -> _Marks:
    if _UNSPACED.search(text):
        return _Marks("，", "：")
    return _Marks("، " if _ARABIC.search(text) else ", ", ": ")

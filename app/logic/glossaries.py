"""Glossaries: which terms occur in a text, which translations were not honoured, and their CSV form.

CSV has the columns source, target and, if wanted, case_sensitive (true or false). An empty target, or one that equals
its source, means: do not translate.
"""

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence

from app.logic.folding import HAN_KANA, HANGUL, MARKS, SOUTH_EAST_ASIAN
from app.models.translation import LONGEST_TERM, MOST_TERMS, Term

_COLUMNS = ["source", "target", "case_sensitive"]
_UNSPACED = re.compile(rf"[{HAN_KANA}{HANGUL}{SOUTH_EAST_ASIAN}]")
_INSIDE = rf"[\w{MARKS}]"
_STEM = 4
"""Characters that a translation's first word must share with the glossary's: endings change with the grammar."""
_TRUE, _FALSE = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no", ""})


def occurring(terms: Iterable[Term], text: str) -> tuple[Term, ...]:
    """Those of the terms that stand in `text` as words of their own, longest first."""
    folded = text.casefold()
    found = [term for term in terms if term.source.casefold() in folded and _stands(term, text)]
    return tuple(sorted(found, key=lambda term: (-len(term.source), term.source)))


def missed(terms: Iterable[Term], translation: str) -> tuple[str, ...]:
    """Sources of the terms whose translation does not stand in `translation`.

    Words may take other endings: of each word of the translation, longer than a few letters, its beginning must occur.
    """
    folded = _folded(translation)
    return tuple(term.source for term in terms if not _honoured(term, translation, folded))


def fingerprint(terms: Iterable[Term]) -> str:
    """Of the terms that were sent with a segment: part of what its translation is remembered by. "" for none."""
    lines = [f"{term.source}\0{term.target}\0{term.case_sensitive}" for term in terms]
    return hashlib.sha256("\1".join(sorted(lines)).encode()).hexdigest()[:16] if lines else ""


def clean(source: str, target: str | None, case_sensitive: bool = False) -> Term:
    """A term as it is stored: NFC, without space around it. Raises ValueError, naming no content."""
    source, target = _clean(source), _clean(target or "")
    if not source:
        raise ValueError("a term needs a source")
    if max(len(source), len(target)) > LONGEST_TERM:
        raise ValueError(f"a term has at most {LONGEST_TERM} characters")
    if any(unicodedata.category(character) == "Cc" for character in source + target):
        raise ValueError("a term stands on one line and holds no control characters")
    return Term(source, None if target in ("", source) else target, case_sensitive)


def from_csv(text: str) -> tuple[Term, ...]:
    """Raises ValueError that names the line. A first line of column names is recognized and may be left out."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    terms: list[Term] = []
    try:
        for row in reader:
            if not any(cell.strip() for cell in row) or (reader.line_num == 1 and _is_heading(row)):
                continue
            terms.append(_from_row(row))
            if len(terms) > MOST_TERMS:
                raise ValueError(f"a glossary has at most {MOST_TERMS} terms")
    except (csv.Error, ValueError) as error:
        raise ValueError(f"line {reader.line_num}: {error}") from None
    return unique(terms)


def to_csv(terms: Iterable[Term]) -> str:
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")  # RFC 4180
    writer.writerow(_COLUMNS)
    writer.writerows([term.source, term.target or "", str(term.case_sensitive).lower()] for term in terms)
    return lines.getvalue()


def unique(terms: Sequence[Term]) -> tuple[Term, ...]:
    """Raises ValueError where one source has two entries."""
    seen: set[str] = set()
    for term in terms:
        key = term.source if term.case_sensitive else term.source.casefold()
        if key in seen:
            raise ValueError("a source stands in the glossary twice")
        seen.add(key)
    return tuple(terms)


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def _is_heading(row: Sequence[str]) -> bool:
    return [cell.strip().lower() for cell in row] in (_COLUMNS, _COLUMNS[:2])


def _from_row(row: Sequence[str]) -> Term:
    if len(row) > len(_COLUMNS):
        raise ValueError("more than three columns; put quotes around a term that holds a comma")
    source, target, sensitive = [*row, "", ""][: len(_COLUMNS)]
    if sensitive.strip().lower() not in _TRUE | _FALSE:
        raise ValueError("case_sensitive is true or false")
    return clean(source, target, sensitive.strip().lower() in _TRUE)


def _stands(term: Term, text: str) -> bool:
    """Scripts without spaces between words have the term anywhere; the others have it as whole words."""
    pattern = re.escape(term.source)
    if not _UNSPACED.search(term.source):
        pattern = rf"(?<!{_INSIDE}){pattern}(?!{_INSIDE})"
    return re.search(pattern, text, 0 if term.case_sensitive else re.IGNORECASE) is not None


def _honoured(term: Term, translation: str, folded: str) -> bool:
    if term.target is None:
        return _stands(Term(term.source, None, True), translation) or (
            not term.case_sensitive and term.source.casefold() in translation.casefold()
        )
    if term.case_sensitive and _UNSPACED.search(term.target) is None and term.target in translation:
        return True
    return all(word[: max(_STEM, len(word) - 3)] in folded for word in _folded(term.target).split())


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()

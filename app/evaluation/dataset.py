"""Evaluation cases: JSON lines, checked field by field.

`{"question", "answers", "document" | "passage_id", "pages", "quotes", "answerable", "language"}`; all but the question
may be left out, and a single answer, page or quote may stand without its list (`"page": 3`). Fields that are nobody's
are passed over, unless they look like a misspelt one of these.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from app.core.errors import StartupError

QUESTIONS = "questions.jsonl"
_LONGEST = 4000
"""Characters of a question; as the wire has it."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


class DatasetError(StartupError):
    """Something in a file of cases or documents cannot be used; `detail` tells file, line, field and what to do."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question and what is known of its right answer. What is not known is not measured."""

    id: str
    question: str
    answers: tuple[str, ...] = ()
    """Each is right on its own."""
    document: str | None = None
    """Name of the file that answers, or id of the passage that does."""
    pages: tuple[int, ...] = ()
    """1-based pages of that document."""
    quotes: tuple[str, ...] = ()
    """Texts of that document that an answer must rest on."""
    answerable: bool = True
    language: str | None = None
    rejected: tuple[str, ...] = ()
    """Answers that people turned down."""
    line: int = 0


def read_cases(path: Path) -> list[Case]:
    """The cases of a JSONL file, or of `questions.jsonl` in a folder. Raises DatasetError at the first wrong line."""
    file = path / QUESTIONS if path.is_dir() else path
    cases: dict[str, Case] = {}
    for line, record in read_records(file):
        case = _case(file, line, record)
        if case.id in cases:
            raise wrong(file, line, "id", f"{case.id!r} stands in line {cases[case.id].line} already; ids are unique")
        cases[case.id] = case
    if not cases:
        raise DatasetError(f"{file} has no cases. Write one JSON object a line, at least with `question`.")
    return list(cases.values())


def read_records(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number and object of each line that is not empty; strings in NFC. Raises DatasetError."""
    try:
        lines = file.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines()
    except OSError as error:
        raise DatasetError(f"{file} cannot be read: {error.strerror}.") from None
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        try:
            record = _composed(json.loads(raw.decode("utf-8")))
        except UnicodeError:
            raise DatasetError(f"{file}, line {number}: is not Unicode. Save the file as UTF-8.") from None
        except (ValueError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
            raise DatasetError(f"{file}, line {number}: is not JSON ({reason}). One object a line.") from None
        if not isinstance(record, dict):
            raise DatasetError(f"{file}, line {number}: is not an object. Write {{...}} on each line.")
        yield number, record


def wrong(file: Path, line: int, field: str, problem: str) -> DatasetError:
    return DatasetError(f"{file}, line {line}, field `{field}`: {problem}.")


def _composed(value: Any) -> Any:
    """In NFC. Raises UnicodeError for half a character, which JSON can write and nothing else."""
    if isinstance(value, str):
        value.encode()
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [_composed(item) for item in value]
    if isinstance(value, dict):
        return {_composed(name): _composed(item) for name, item in value.items()}
    return value


def _case(file: Path, line: int, record: Mapping[str, Any]) -> Case:
    values: dict[str, Any] = {}
    for name, value in record.items():
        if name not in _FIELDS:
            if (meant := get_close_matches(name, _FIELDS, 1, 0.8)) and meant[0] not in record:
                raise wrong(file, line, name, f"is not known; `{meant[0]}` is")
            continue
        field, read = _FIELDS[name]
        if value is None:
            continue
        try:
            read_value = read(value)
        except ValueError as error:
            raise wrong(file, line, name, str(error)) from None
        if field in values:
            raise wrong(file, line, name, f"says once more what `{field}` is")
        values[field] = read_value
    case = Case(**({"id": f"line-{line}", "question": ""} | values), line=line)
    for field, problem in _contradictions(case):
        raise wrong(file, line, field, problem)
    return case


def _contradictions(case: Case) -> Iterator[tuple[str, str]]:
    if not case.question:
        yield "question", "is missing"
    if not case.answerable and (case.answers or case.pages or case.quotes):
        yield "answerable", "is false, and yet there are answers, pages or quotes"
    for field, given in (("pages", case.pages), ("quotes", case.quotes)):
        if given and case.document is None:
            yield field, "needs `document`, the file that they are of"


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be text that is not empty")
    return value.strip()


def _question(value: Any) -> str:
    if len(text := _text(value)) > _LONGEST:
        raise ValueError(f"has {len(text)} characters; {_LONGEST} are allowed")
    return text


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(_text(item) for item in (value if isinstance(value, list) else [value]))


def _pages(value: Any) -> tuple[int, ...]:
    numbers = value if isinstance(value, list) else [value]
    if not all(isinstance(number, int) and not isinstance(number, bool) and number >= 1 for number in numbers):
        raise ValueError("must be whole numbers from 1")
    return tuple(dict.fromkeys(numbers))


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _code(value: Any) -> str:
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise ValueError('must be a language code, such as "en" or "zh-Hant"')
    return value


def _name(value: Any) -> str:
    """Ids of other people's sets are numbers now and then."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else _text(value)


_FIELDS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "id": ("id", _name),
    "question": ("question", _question),
    "answers": ("answers", _texts),
    "answer": ("answers", _texts),
    "document": ("document", _name),
    "passage_id": ("document", _name),
    "pages": ("pages", _pages),
    "page": ("pages", _pages),
    "quotes": ("quotes", _texts),
    "quote": ("quotes", _texts),
    "answerable": ("answerable", _flag),
    "language": ("language", _code),
    "rejected": ("rejected", _texts),
}
"""Name in the file -> field of Case and how it is read."""

"""Cases: what may be written, and what is told of a line that is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.evaluation.dataset import Case, DatasetError, read_cases


def written(folder: Path, *lines: dict[str, Any] | str | bytes) -> Path:
    file = folder / "cases.jsonl"
    raw = [
        line if isinstance(line, bytes) else (line if isinstance(line, str) else json.dumps(line)).encode()
        for line in lines
    ]
    file.write_bytes(b"\n".join(raw))
    return file


def test_every_field_is_read(tmp_path: Path) -> None:
    [case] = read_cases(
        written(
            tmp_path,
            {"id": 7, "question": " 收入是多少? ", "answers": ["26 亿"], "document": "a.pdf", "pages": [3, 3, 4]}
            | {"quote": "收入为 26 亿", "language": "zh-Hans", "kind": "figures"},
        )
    )
    assert case == Case(
        "7", "收入是多少?", ("26 亿",), "a.pdf", (3, 4), ("收入为 26 亿",), language="zh-Hans", line=1
    )  # fmt: skip


def test_a_question_alone_is_a_case_and_empty_lines_are_none(tmp_path: Path) -> None:
    first, second = read_cases(
        written(tmp_path, "\ufeff" + '{"question": "Why?"}', "", '{"question": "Who?", "id": null}')
    )
    assert (first.id, first.answerable, second.id) == ("line-1", True, "line-3")


def test_text_is_composed(tmp_path: Path) -> None:
    [case] = read_cases(written(tmp_path, {"question": "Cafe\u0301?", "document": "re\u0301sume\u0301.pdf"}))
    assert (case.question, case.document) == ("Caf\u00e9?", "r\u00e9sum\u00e9.pdf")


def test_a_folder_is_its_questions(tmp_path: Path) -> None:
    (tmp_path / "questions.jsonl").write_text('{"question": "Why?", "passage_id": "p1"}', encoding="utf-8")
    assert read_cases(tmp_path)[0].document == "p1"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ({"answers": ["a"]}, "field `question`: is missing"),
        ({"question": "  "}, "field `question`: must be text"),
        ({"question": "x" * 4001}, "field `question`: has 4001 characters"),
        ({"question": "Why?", "pages": [0], "document": "a"}, "field `pages`: must be whole numbers"),
        ({"question": "Why?", "pages": [True], "document": "a"}, "field `pages`: must be whole numbers"),
        ({"question": "Why?", "pages": [1]}, "field `pages`: needs `document`"),
        ({"question": "Why?", "answerable": "no"}, "field `answerable`: must be true or false"),
        ({"question": "Why?", "answerable": False, "answers": ["a"]}, "field `answerable`: is false, and yet"),
        ({"question": "Why?", "anwsers": ["a"]}, "field `anwsers`: is not known; `answers` is"),
        ({"question": "Why?", "answers": ["a"], "answer": "b"}, "field `answer`: says once more"),
        ({"question": "Why?", "answers": [3]}, "field `answers`: must be text"),
        ({"question": "Why?", "language": "English, mostly"}, "field `language`: must be a language code"),
        ('["a"]', "is not an object"),
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON (nested too deeply)"),
        (b'{"question": "caf\xe9"}', "is not Unicode"),
        ('{"question": "\\ud800?"}', "is not Unicode"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: dict[str, Any] | str | bytes, told: str) -> None:
    file = written(tmp_path, {"question": "A good one?"}, line)
    with pytest.raises(DatasetError) as raised:
        read_cases(file)
    assert f"{file}, line 2" in raised.value.detail
    assert told in raised.value.detail


def test_an_id_stands_once(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"line 2, field `id`: 'a' stands in line 1"):
        read_cases(written(tmp_path, {"id": "a", "question": "1"}, {"id": "a", "question": "2"}))


@pytest.mark.parametrize("name", ["missing.jsonl", "empty.jsonl"])
def test_no_cases_at_all(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty.jsonl").touch()
    with pytest.raises(DatasetError, match=name):
        read_cases(tmp_path / name)

"""Questions over filings and paragraphs, each with what answers it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "zh", "es", "de", "ar", "hi")
EVERY = 4
"""Of the questions over paragraphs one in so many is asked: enough for a figure, quick enough to run again."""


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    document: str
    pages: frozenset[int]
    group: str
    """What belongs together when questions are split: a company, an article."""


def read_lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def pdf_questions(folder: Path) -> list[Question]:
    """File names begin with the company."""
    return [
        Question(line["question"], line["document"], frozenset(line["pages"]), line["document"].split("_")[0])
        for line in read_lines(folder / "questions.jsonl")
    ]


def paragraph_questions(folder: Path) -> list[Question]:
    titles = {line["id"]: line["title"] for line in read_lines(folder / "passages.jsonl")}
    return [
        Question(line["question"], f"{line['passage_id']}.txt", frozenset({1}), titles[line["passage_id"]])
        for line in read_lines(folder / "questions.jsonl")[::EVERY]
    ]

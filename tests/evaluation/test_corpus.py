import json
from pathlib import Path

import pytest

from app.evaluation.corpus import find_documents, read_corpus
from app.evaluation.dataset import Case, DatasetError

HERE = Path("cases.jsonl")


def folder_of(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name, encoding="utf-8")
    return root


def test_a_folder_gives_its_files_and_those_below_but_no_hidden_ones(tmp_path: Path) -> None:
    corpus = read_corpus(folder_of(tmp_path, "b.txt", "deep/a.txt", ".DS_Store", ".git/config"))
    assert [file.name for file in corpus.files] == ["b.txt", "deep/a.txt"]
    assert b"".join(corpus.files[1].pieces(3)) == b"deep/a.txt"


def test_a_document_is_found_by_its_name_alone_where_no_other_has_it(tmp_path: Path) -> None:
    corpus = read_corpus(folder_of(tmp_path, "2023/r\u00e9port.txt", "2023/x.txt", "2024/x.txt"))
    [placed] = corpus.placed([Case("1", "?", document="r\u00e9port.txt")], HERE)
    assert placed.document == "2023/r\u00e9port.txt"
    with pytest.raises(DatasetError, match=r"cases.jsonl, line 4, field `document`.*did you mean '202./x.txt'"):
        corpus.placed([Case("1", "?", document="x.txt", line=4)], HERE)


def test_names_in_another_normal_form_are_the_same(tmp_path: Path) -> None:
    corpus = read_corpus(folder_of(tmp_path, "re\u0301port.txt"))
    assert corpus.files[0].name == "r\u00e9port.txt"


def test_passages_of_one_title_are_one_document(tmp_path: Path) -> None:
    lines = [
        {"id": "p1", "title": "Tides", "text": "The moon pulls."},
        {"id": "p2", "title": "潮汐/海", "text": "月球引起潮汐。"},
        {"id": "p3", "title": "Tides", "text": "The sun helps."},
    ]
    file = tmp_path / "passages.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    corpus = read_corpus(file)
    assert {item.name: b"".join(item.pieces()).decode() for item in corpus.files} == {
        "Tides.md": "# Tides\n\nThe moon pulls.\n\nThe sun helps.",
        "潮汐-海.md": "# 潮汐-海\n\n月球引起潮汐。",
    }
    answered, refused = corpus.placed(
        [Case("1", "?", document="p3"), Case("2", "?", document="p2", answerable=False)], HERE
    )
    assert (answered.document, answered.quotes) == ("Tides.md", ("The sun helps.",))
    assert (refused.document, refused.quotes) == ("潮汐-海.md", ())


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"text": "a"}', "line 1, field `id`"),
        ('{"id": "a", "text": ""}', "line 1, field `text`"),
        ('{"id": "a", "text": "b", "title": 3}', "line 1, field `title`"),
        ('{"id": "a", "text": "b"}\n{"id": "a", "text": "c"}', "line 2, field `id`: 'a' stands there twice"),
        ("", "has no passages"),
    ],
)
def test_a_wrong_passage_is_named(tmp_path: Path, line: str, told: str) -> None:
    file = tmp_path / "passages.jsonl"
    file.write_text(line, encoding="utf-8")
    with pytest.raises(DatasetError, match=told):
        read_corpus(file)


def test_documents_lie_beside_their_questions(tmp_path: Path) -> None:
    assert find_documents(tmp_path / "cases.jsonl") is None
    (tmp_path / "passages.jsonl").touch()
    assert find_documents(tmp_path) == tmp_path / "passages.jsonl"
    (tmp_path / "documents").mkdir()
    assert find_documents(tmp_path / "cases.jsonl") == tmp_path / "documents"
    with pytest.raises(DatasetError, match="has no documents"):
        read_corpus(tmp_path / "documents")

import json
from pathlib import Path

import pytest

from app.adapters.parsers import load
from app.core.errors import EmptyFile, UnreadableDocument
from app.models.domain import Page, ParseWarning, Source


def read(tmp_path: Path, data: bytes, reader: str = "json") -> list[Page]:
    path = tmp_path / "blob"
    path.write_bytes(data)
    return [event for event in load(reader)(Source(path, "", "a.json")) if isinstance(event, Page)]


def places(pages: list[Page]) -> list[str]:
    return [page.locator.value for page in pages if page.locator]


def test_values_stand_with_their_names_and_numbers_as_they_are_written(tmp_path: Path) -> None:
    value = '{"price": 1.10, "big": 123456789012345678901234567890, "ok": true, "none": null, "tags": ["a", "b"]}'
    [page] = read(tmp_path, value.encode())
    assert page.text == "price: 1.10\nbig: 123456789012345678901234567890\nok: true\ntags: a, b"
    assert places([page]) == ["$"]


def test_each_object_is_a_record_with_its_path(tmp_path: Path) -> None:
    stores = [{"name": f"Store {n}", "note": "x" * 1500, "at": {"city": "Köln"}} for n in range(6)]
    pages = read(tmp_path, json.dumps({"a key": {"stores": stores}}).encode())
    assert places(pages) == [f'$["a key"].stores[{a}–{a + 1}]' for a in (0, 2, 4)]
    assert pages[1].text.startswith("name: Store 2\nnote: xxx")
    assert "at.city: Köln" in pages[1].text


def test_what_is_one_list_is_read_as_one(tmp_path: Path) -> None:
    [page] = read(tmp_path, '["один", "два", ["три"]]'.encode("utf-16"))
    assert page.text == "один\nдва\n\nтри"


def test_deep_nesting_ends_with_a_stable_code(tmp_path: Path) -> None:
    for data in (b"[" * 100_000, b'{"a":' * 100_000, b"[" * 5000 + b"1" + b"]" * 5000):
        with pytest.raises(UnreadableDocument):
            read(tmp_path, data)


@pytest.mark.parametrize("data", [b'{"a": ', b"{'a': 1}", b'{"a": 1} {', b"nothing"])
def test_what_is_not_json(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(UnreadableDocument, match="line 1"):
        read(tmp_path, data)


@pytest.mark.parametrize("data", [b"{}", b"[]", b"[[], {}]", b'{"a": null, "b": ""}'])
def test_nothing_to_read(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(EmptyFile):
        read(tmp_path, data)


def test_lines_are_records_by_number(tmp_path: Path) -> None:
    data = "".join(json.dumps({"n": n, "text": "शब्द " * 300}, ensure_ascii=False) + "\n" for n in range(1, 6))
    pages = read(tmp_path, data.encode(), "jsonl")
    assert places(pages) == ["records 1–2", "records 3–4", "record 5"]


def test_lines_that_are_not_json_are_named(tmp_path: Path) -> None:
    path = tmp_path / "blob"
    path.write_bytes(b'{"a": 1}\n\n{"a": \n{"a": 3}\n' + b"[" * 100_000)
    _, page, warning = load("jsonl")(Source(path, "", "a.jsonl"))
    assert isinstance(page, Page)
    assert page.text == "a: 1\n\na: 3"
    assert isinstance(warning, ParseWarning)
    assert warning.message == "Lines that are not JSON were left out: 3, 5."
    with pytest.raises(UnreadableDocument, match="line 1"):
        read(tmp_path, b"one\ntwo\n", "jsonl")
    with pytest.raises(EmptyFile):
        read(tmp_path, b"\n\n", "jsonl")

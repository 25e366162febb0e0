import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from app.adapters.embeddings import build, e5_weights
from app.core.errors import StartupError


def quietly(data_dir: Path) -> Path:
    return build.ensure(data_dir, lambda line: None)


def copy_of(folder: Path, data_dir: Path) -> Path:
    copy = data_dir / "models" / folder.name
    copy.mkdir(parents=True)
    for file in folder.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    return copy


def test_the_manifest_names_the_source_and_every_file(model_folder: Path) -> None:
    manifest = json.loads((model_folder / build.MANIFEST).read_text(encoding="utf-8"))
    assert manifest["source"] == e5_weights.SHA256
    assert set(manifest["files"]) == {file.name for file in model_folder.iterdir()} - {build.MANIFEST}
    assert build.is_whole(model_folder)


def test_a_whole_folder_is_used_as_it_is(model_folder: Path) -> None:
    lines: list[str] = []
    before = [file.stat().st_mtime_ns for file in model_folder.iterdir()]
    assert build.ensure(model_folder.parent.parent, lines.append) == model_folder
    assert [file.stat().st_mtime_ns for file in model_folder.iterdir()] == before
    assert lines == []


@pytest.mark.parametrize("name", [*build.FILES, build.MANIFEST])
@pytest.mark.parametrize("harm", ["truncated", "changed", "gone"])
def test_harm_to_any_file_is_noticed(model_folder: Path, tmp_path: Path, name: str, harm: str) -> None:
    file = copy_of(model_folder, tmp_path) / name
    data = file.read_bytes()
    file.unlink()
    if harm != "gone":
        file.write_bytes(data[:-1] if harm == "truncated" else bytes([data[0] ^ 255]) + data[1:])
    assert not build.is_whole(file.parent)


def test_a_harmed_folder_is_built_anew_and_leftovers_are_removed(model_folder: Path, tmp_path: Path) -> None:
    copy = copy_of(model_folder, tmp_path)
    (copy / build.ENCODER).write_bytes(b"")
    leftover = tmp_path / "models" / f"{build.FOLDER}.killed.tmp"
    leftover.mkdir()
    lines: list[str] = []
    assert build.ensure(tmp_path, lines.append) == copy
    assert build.is_whole(copy)
    assert (copy / build.MANIFEST).read_bytes() == (model_folder / build.MANIFEST).read_bytes()
    assert not leftover.exists()
    assert len(lines) == 2


def test_two_processes_at_once_end_with_one_whole_folder(model_folder: Path, tmp_path: Path) -> None:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
        folders = list(processes.map(quietly, [tmp_path, tmp_path]))
    assert folders[0] == folders[1]
    assert build.is_whole(folders[0])
    assert sorted(entry.name for entry in (tmp_path / "models").iterdir()) == [build.FOLDER, f"{build.FOLDER}.lock"]


def test_what_is_wrong_with_the_source_reaches_the_caller(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / e5_weights.FILENAME).write_bytes(b"not it")
    with pytest.raises(StartupError, match="SHA-256"):
        quietly(tmp_path)


def test_the_command_line_reports_and_exits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / e5_weights.FILENAME).write_bytes(b"not it")
    assert build.main([str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert "Preparing" in out
    assert "SHA-256" in err


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "models").write_bytes(b"a file where a folder belongs")
    with pytest.raises(StartupError, match=str(tmp_path / "models")):
        quietly(tmp_path)

"""The image cannot be built everywhere; what can go wrong without building it is checked here."""

import json
import shlex
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]


def instructions() -> list[tuple[str, str]]:
    """(instruction, rest) of each logical line."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split(None, 1)[0].upper(), line.split(None, 1)[1]) for line in lines]


def stages() -> list[list[tuple[str, str]]]:
    found: list[list[tuple[str, str]]] = []
    for instruction, rest in instructions():
        if instruction == "FROM":
            found.append([])
        found[-1].append((instruction, rest))
    return found


def tracked() -> set[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return set(listed.splitlines())


def test_every_copied_path_is_in_the_repository() -> None:
    files = tracked()
    for instruction, rest in instructions():
        words = shlex.split(rest)
        if instruction != "COPY" or any(word.startswith("--from") for word in words):
            continue
        for source in (word for word in words[:-1] if not word.startswith("--")):
            assert any(name == source or name.startswith(source.rstrip("/") + "/") for name in files), source


def test_stages_copy_only_from_stages_that_exist() -> None:
    named = {rest.split(" AS ")[1] for instruction, rest in instructions() if instruction == "FROM" and " AS " in rest}
    for instruction, rest in instructions():
        for word in shlex.split(rest) if instruction == "COPY" else ():
            if word.startswith("--from="):
                assert word.removeprefix("--from=") in named


def test_it_is_multi_stage_and_runs_as_nobody_special() -> None:
    last = stages()[-1]
    assert len(stages()) > 1
    users = [rest for instruction, rest in last if instruction == "USER"]
    assert users
    assert users[-1] not in ("root", "0")


def test_it_has_a_health_check_and_keeps_its_data_in_a_volume() -> None:
    last = dict(stages()[-1])
    assert "/health" in last["HEALTHCHECK"]
    environment = dict(pair.split("=", 1) for pair in shlex.split(last["ENV"]))
    assert environment["DATA_DIR"].startswith(last["VOLUME"])


def test_the_command_is_one_that_exists() -> None:
    command = json.loads(dict(stages()[-1])["CMD"])
    module = command[command.index("-m") + 1]
    assert (ROOT / (module.replace(".", "/") + ".py")).exists()

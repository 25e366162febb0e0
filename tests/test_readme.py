"""What the README points at is there."""

import re
from pathlib import Path

import pytest

from app.core.config import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def rows_of(heading: str) -> list[str]:
    section = README.split(f"## {heading}")[1].split("\n## ")[0]
    return [line for line in section.splitlines() if line.startswith("|")][2:]


def test_every_place_in_where_is_x_exists() -> None:
    paths = [path for row in rows_of("Where is X?") for path in re.findall(r"`([^`]+)`", row)]
    assert len(paths) > 10
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_setting_it_names_is_one() -> None:
    names = {name for row in rows_of("Settings") for name in re.findall(r"`([A-Z_]{4,})`", row.split("|")[1])}
    assert len(names) > 10
    assert names <= {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#:]+)\)", README))
def test_every_link_leads_somewhere(target: str) -> None:
    assert (ROOT / target).exists()


def test_its_two_commands_can_be_run() -> None:
    for command in ("scripts/run", "scripts/test"):
        assert (ROOT / command).stat().st_mode & 0o111

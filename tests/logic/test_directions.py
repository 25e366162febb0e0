import pytest

from app.logic.directions import visual_runs


def shown(text: str, *, rtl: bool) -> list[str]:
    return [text[start:end] for start, end, _ in visual_runs(text, right_to_left=rtl)]


@pytest.mark.parametrize(
    ("text", "rtl", "runs"),
    [
        ("plain words", False, ["plain words"]),
        ("سلام", True, ["سلام"]),
        ("عام 2025 كان", True, [" كان", "2025", "عام "]),
        ("نمو 12.4% سنويا", True, [" سنويا", "12.4%", "نمو "]),
        ("شركة Aurora Ltd قالت", True, [" قالت", "Aurora Ltd", "شركة "]),
        ("He said שלום עולם today", False, ["He said ", "שלום עולם", " today"]),
        ("", True, []),
        ("  ", False, ["  "]),
    ],
)
def test_runs_from_left_to_right_on_the_paper(text: str, rtl: bool, runs: list[str]) -> None:
    assert shown(text, rtl=rtl) == runs


def test_each_run_knows_its_direction() -> None:
    assert [rtl for _, _, rtl in visual_runs("عام 2025 كان", right_to_left=True)] == [True, False, True]

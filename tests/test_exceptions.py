"""Where a security rule (ruff's S, which are bandit's) does not hold, the line says why."""

import re
from pathlib import Path

_EXCEPTION = re.compile(r"# noqa: (?:[A-Z]+\d+, )*S\d+")
_WITH_REASON = re.compile(r"# noqa: [A-Z0-9, ]+(?: - |  # )\S+")


def test_every_exception_from_a_security_rule_has_its_reason() -> None:
    bare = [
        f"{path}:{number}"
        for folder in ("app", "scripts")
        for path in sorted(Path(folder).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if _EXCEPTION.search(line) and not _WITH_REASON.search(line)
    ]
    assert bare == []

import time
import uuid

import pytest

from app.core.ids import is_id, new_id, prefixed, unprefixed


def test_ids_are_uuids_of_version_7_and_of_the_present() -> None:
    made = uuid.UUID(new_id())
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert abs((made.int >> 80) - time.time() * 1000) < 5000


def test_ids_sort_by_the_time_they_were_made_within_a_millisecond() -> None:
    made = []
    for _ in range(2000):
        made.append(new_id())
        began = time.time_ns()
        while time.time_ns() - began < 1000:
            pass
    assert made == sorted(made)
    assert len({item[:13] for item in made}) < 2000  # some share a millisecond


_KNOWN = "01a20465-ce0b-788b-a7ad-f73ff34ee2c2"


@pytest.mark.parametrize("text", ["", "x", "0" * 32, "{" + "0" * 36 + "}", _KNOWN.upper(), "०" * 36, _KNOWN + "\n"])
def test_what_is_no_id(text: str) -> None:
    assert not is_id(text)


def test_ids_as_openai_spells_them() -> None:
    identity = new_id()
    spelled = prefixed("vs_", identity)
    assert unprefixed("vs_", spelled) == identity
    for wrong in (identity, spelled[:-1], spelled.upper(), "file-" + spelled[3:], "vs_" + "१" * 32, ""):
        assert unprefixed("vs_", wrong) is None

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.core.errors import StartupError
from app.core.security import Keyring, is_key


def test_a_key_has_256_random_bits_and_is_recognized() -> None:
    keyring = Keyring(b"secret")
    made = [keyring.new_key() for _ in range(100)]
    assert len({key.text for key in made}) == len({key.digest for key in made}) == 100
    for key in made:
        assert is_key(key.text)
        assert key.text.startswith(f"db_{key.prefix}_")
        assert keyring.digest(key.text) == key.digest
        assert key.text not in key.digest


@pytest.mark.parametrize("text", ["", "db_", "sk-abc", "db_" + "a" * 52, "db_aaaaaaaa_" + "é" * 43, "a.b.c"])
def test_other_texts_are_no_keys(text: str) -> None:
    assert not is_key(text)


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(lambda _: Keyring.at(tmp_path / "data").digest("x"), range(32)))
    assert len(digests) == 1
    assert os.listdir(tmp_path / "data") == ["secret"]
    assert stat.S_IMODE((tmp_path / "data" / "secret").stat().st_mode) == 0o600


def test_a_damaged_secret_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"cut")
    with pytest.raises(StartupError, match="damaged"):
        Keyring.at(tmp_path)


def test_a_secret_of_the_settings_needs_no_file(tmp_path: Path) -> None:
    assert Keyring.at(tmp_path, "s" * 32).digest("x") == Keyring.at(tmp_path / "else", "s" * 32).digest("x")
    assert not list(tmp_path.iterdir())

import struct
import zlib

import pytest

from app.logic.member_names import is_litter, member_path, raw_name


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("a.pdf", "a.pdf"),
        ("2023/Q1/a.pdf", "2023/Q1/a.pdf"),
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\Windows\\System32\\a.dll", "Windows/System32/a.dll"),
        ("a/./b/../c.txt", "a/b/c.txt"),
        ("a.pdf\0.exe", "a.pdf"),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("line\nbreak.txt", "linebreak.txt"),
        ("..", "unnamed"),
        ("", "unnamed"),
        ("रिपोर्ट/报告.pdf", "रिपोर्ट/报告.pdf"),
    ],
)
def test_a_path_leads_nowhere_but_down(name: str, path: str) -> None:
    assert member_path(name) == path


def test_a_path_has_an_end() -> None:
    assert member_path("a/" * 5000 + "b.pdf") == "b.pdf"


def shown(raw: bytes) -> str:
    return raw.decode("cp437")


def test_names_of_other_encodings() -> None:
    assert raw_name("日本.txt", 0x800, b"", "cp1252") == "日本.txt"
    assert raw_name(shown("日本.txt".encode()), 0, b"", "utf-8") == "日本.txt"
    assert raw_name(shown("отчёт.txt".encode("cp866")), 0, b"", "cp866") == "отчёт.txt"


def test_the_unicode_name_beside_another_one() -> None:
    raw = "?????.txt".encode("cp437")
    content = b"\x01" + struct.pack("<I", zlib.crc32(raw)) + "отчёт.txt".encode()
    extra = struct.pack("<HH", 1, 2) + b"xx" + struct.pack("<HH", 0x7075, len(content)) + content
    assert raw_name(shown(raw), 0, extra, "cp437") == "отчёт.txt"
    assert raw_name(shown(b"other.txt"), 0, extra, "cp437") == "other.txt"
    assert raw_name(shown(raw), 0, extra[:9], "cp437") == "?????.txt"


@pytest.mark.parametrize("name", ["__MACOSX/._a.pdf", ".DS_Store", "a/.git/config", "a\\Thumbs.db", "a/desktop.ini"])
def test_what_systems_leave_behind(name: str) -> None:
    assert is_litter(name)
    assert not is_litter("a/b.pdf")
    assert not is_litter("../a/./b.pdf")

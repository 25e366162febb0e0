import pytest

from app.logic.mediatype import SUPPORTED, sniff


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (b"%PDF-1.7\n\xe2\xe3", "report", "application/pdf"),
        (b"\r\n" * 500 + b"%PDF-1.4", "report.txt", "application/pdf"),
        (b"Plain text", "a.pdf", "text/plain"),
        ("हिन्दी में €100".encode(), "a.txt", "text/plain"),
        (b"# Heading", "README.MD", "text/markdown"),
        ("日本語のテスト".encode("utf-16"), "a.txt", "text/plain"),
        ("日本語のテスト".encode("utf-32"), "a.txt", "text/plain"),
        ("Plain text without a mark".encode("utf-16-le"), "a.txt", "text/plain"),
        ("Plain text without a mark".encode("utf-16-be"), "a.txt", "text/plain"),
        ("текст на русском языке".encode("cp1251"), "a.txt", "text/plain"),
        ("该公司报告称".encode("gb18030"), "a.txt", "text/plain"),
        ("é".encode() * 4096, "cut in a character.txt", "text/plain"),
        (b"1,2,3\n4,5,6\n", "a.csv", "text/csv"),
        (b"<!DOCTYPE html><p>Hello", "a", "text/html"),
        (b"<?xml version='1.0'?>\n<!-- a -->\n<html xmlns='x'>", "a.txt", "text/html"),
        (b"From: a@b\r\nTo: c@d\r\nSubject: x\r\nDate: today\r\n\r\nHello", "blob", "message/rfc822"),
        (b"{\\rtf1\\ansi Hello}", "a.doc", "application/rtf"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "scan", "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a.txt", "image/jpeg"),
        (b"II*\0\x08\0\0\0", "fax.tif", "image/tiff"),
        (b"MM\0*\0\0\0\x08", "fax", "image/tiff"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><a/>", "a.txt", "application/xml"),
        ("<?xml version='1.0'?><日本/>".encode("utf-16"), "feed", "application/xml"),
        (b'{"a": 1}', "a", "application/json"),
        (b'[\n  {"a": 1}', "a.json", "application/json"),
        (b'{"a": 1}\n{"a": 2}\n', "log.json", "application/jsonl"),
        (b'"a"\n"b"\n', "strings.jsonl", "application/jsonl"),
        (b"[1] Smith, J. (2020). On things.", "references", "text/plain"),
        (b"{braces} are no objects", "a.txt", "text/plain"),
        (b"[note] to self", "a.txt", "text/plain"),
        (b"From: here\nTo: there\n\nA way to go.", "a.txt", "text/plain"),
    ],
)
def test_supported_content(head: bytes, name: str, kind: str) -> None:
    assert sniff(head, name) == kind
    assert sniff(head[:8191], name) == kind
    assert kind in SUPPORTED


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"PK\x03\x04\x14\x00\x06\x00",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"GIF89a\x01\0\x01\0",
        b"\x7fELF\x02\x01\x01" + b"\0" * 100,
        b"\0" * 1000,
        bytes(range(256)) * 4,
        b"x" * 2000 + b"%PDF-1.7",
    ],
    ids=["empty", "zip", "ole", "gif", "elf", "zeros", "bytes", "late header"],
)
def test_the_name_does_not_make_a_type(head: bytes) -> None:
    assert sniff(head, "report.pdf") != "application/pdf"
    if not head.startswith(b"x"):
        assert sniff(head, "report.pdf") is None
        assert sniff(head, "notes.txt") is None

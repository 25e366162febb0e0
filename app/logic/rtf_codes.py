"""The words of RTF that matter for its text (Rich Text Format specification 1.9.1), as tables."""

import codecs

CHARACTERS = {
    "tab": "\t",
    "line": "\n",
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
    "zwj": "\u200d",
    "zwnj": "\u200c",
}
"""Control words that stand for a character."""

SYMBOLS = {"~": "\u00a0", "_": "\N{NON-BREAKING HYPHEN}", "-": "", "{": "{", "}": "}", "\\": "\\"}
"""Control symbols that do."""

UNREAD = frozenset(
    {"annotation", "atnauthor", "atnid", "atrfend", "atrfstart", "bkmkend", "bkmkstart", "colorschememapping"}
    | {"colortbl", "datafield", "datastore", "docvar", "falt", "fldinst", "filetbl", "generator", "latentstyles"}
    | {"listoverridetable", "listtable", "listtext", "mmathPr", "nonesttables", "nonshppict", "objclass", "objdata"}
    | {"panose", "pict", "pntext", "private", "revtbl", "rsidtbl", "rxe", "tc", "tcn", "themedata", "userprops"}
    | {"wgrffmtfilter", "xe", "xmlnstbl", "xmlopen", "xmlclose", "fontemb", "fontfile"}
)
"""Groups whose text is not of the document."""

READ_ALTHOUGH_STARRED = frozenset({"shpinst", "shptxt"})
"""Of the groups that older readers are to pass over, those that hold text."""

FURNITURE = frozenset(prefix + side for prefix in ("header", "footer") for side in ("", "l", "r", "f"))

LISTED = frozenset({"listtext", "pntext"})

_CHARSETS = {
    0: 1252, 77: 10000, 128: 932, 129: 949, 130: 1361, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258,
    177: 1255, 178: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250, 254: 437, 255: 850,
}  # fmt: skip
_NAMED = {10000: "mac_roman", 10007: "mac_cyrillic", 1361: "johab", 65001: "utf-8", 20866: "koi8_r"}


def code_page(number: int) -> str | None:
    """Python's name for a Windows code page; None where it has none."""
    name = _NAMED.get(number, f"cp{number}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


def charset(number: int) -> str | None:
    """The encoding of a font's character set; None where the document's own is meant."""
    return code_page(_CHARSETS[number]) if number in _CHARSETS else None

"""What a page of HTML says of itself: encoding, language and direction, as they are once it is translated."""

import re

from app.logic import translation_languages as languages

_MOST = 1 << 16
"""Characters of a page in which it says so."""
_BODY = re.compile(r"<body\b|</head\b", re.IGNORECASE)
_META = re.compile(r"<meta\b[^<>]*+>", re.IGNORECASE)
_CHARSET = re.compile(r"""(\bcharset\s*=\s*["']?)[^\s"'/>;]+""", re.IGNORECASE)
_DECLARED = re.compile(r"""(\A\s*<\?xml\b[^<>]*?\bencoding\s*=\s*["'])[^"'<>]+""")
_ROOT = re.compile(r"""<html(?=[\s>])(?:[^<>"']++|"[^"]*+"|'[^']*+')*+>""", re.IGNORECASE)


def spoken_in(markup: str, language: str) -> str:
    """The page with the attributes of a page in that language, a wire code, and in UTF-8; all else as it was."""
    body = _BODY.search(markup, 0, _MOST)
    end = body.start() if body else _MOST
    head = _DECLARED.sub(r"\1UTF-8", markup[:end])
    head = _META.sub(lambda meta: _CHARSET.sub(r"\1utf-8", meta[0], count=1), head)
    return _ROOT.sub(lambda root: _root(root[0], language), head) + markup[end:]


def _root(tag: str, language: str) -> str:
    right_to_left = languages.right_to_left(language)
    tag = _with(tag, "xml:lang", language, new=False)
    tag = _with(tag, "lang", language, new=True)
    return _with(tag, "dir", "rtl" if right_to_left else "ltr", new=right_to_left)


def _with(tag: str, name: str, value: str, *, new: bool) -> str:
    """`new`: also where the tag has no such attribute yet."""
    set_here = re.compile(rf"""(\s{name}\s*=\s*)(?:"[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
    changed, count = set_here.subn(rf'\g<1>"{value}"', tag, count=1)
    if count or not new:
        return changed
    at = len("<html")
    return f'{tag[:at]} {name}="{value}"{tag[at:]}'

"""What a document is called: the title that its file claims, unless a program and no person gave it.

Titles are embedded and indexed with each chunk, so one that says nothing ("untitled", "0000764478-17-000008",
"Microsoft Word - foo.doc", a path) makes all chunks of a document worse. The names that programs give were collected
from the metadata of some two thousand PDFs of the test suites of pdf.js, qpdf, pypdf and pdfplumber.
"""

import re
import unicodedata

MAX_CHARACTERS = 300

_PROGRAM = re.compile(r"^(?:Microsoft (?:Office )?\w+|PowerPoint|Word|Excel) - |^(?:file|https?)://?", re.IGNORECASE)
_PATH = re.compile(r"^(?:[a-z]:)?[\\/]|^[^\s/\\]+(?:[\\/][^\s/\\]+){2,}$|\\\w", re.IGNORECASE)
_FILE = re.compile(
    r"\.(?:docx?|docm|dotx?|od[tspg]|rtf|pdf|ps|eps|tex|dvi|pptx?|pps|xlsx?|xlsm|csv|s?html?|xml|txt|md|indd|qx[dp]|pub"
    r"|wp[ds]?|p65|fm|cdr|ai|psd|dwg|vsdx?|jpe?g|png|gif|tiff?|sxw|sdo|graffle|pages|wpd|hwp|xps|eml|msg)$",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(r"[!-~]+")
"""A word of ASCII alone: scripts without spaces write whole titles as one."""
_NUMBERING = re.compile(r"[\s\d()\[\]#_.:-]+$")
_SAYS_NOTHING = frozenset((
    "untitled", "untitled document", "no title", "title", "document title", "document", "doc", "new document",
    "blank", "pdf", "pdf file", "pdf document", "page", "print", "printing", "slide", "presentation",
    "powerpoint presentation", "book", "sheet", "workbook", "scan", "scanned document", "image", "unknown",
    "none", "null", "undefined", "temp", "tmp", "output", "enscript output", "layout", "bookmark", "unbenannt",
    "ohne titel", "dokument", "präsentation", "mappe", "sans titre", "sans nom", "classeur", "présentation",
    "sin título", "documento", "presentación", "libro", "sem título", "senza titolo", "cartella", "naamloos",
    "namnlös", "bez tytułu", "prezentacja", "без имени", "без названия", "документ", "презентация", "книга",
    "adsız", "belge", "無題", "無標題", "无标题", "未命名", "新建文档", "文档", "文件", "文書",
    "ドキュメント", "제목 없음", "문서",
    "بدون عنوان", "مستند", "शीर्षकहीन", "दस्तावेज़",
))  # fmt: skip


def honest_title(claimed: str | None, *headings: str) -> str | None:
    """The claimed title, or the first heading that can stand for it; None when the file's name says more."""
    for candidate in (claimed or "", *headings):
        text = _one_line(candidate)
        if text and not says_nothing(text):
            return text
    return None


def says_nothing(title: str) -> bool:
    """Whether a program made this title up: a number, an identifier, a file's name or path, a placeholder."""
    text = _one_line(title)
    letters = sum(character.isalpha() for character in text)
    if letters < 2 and not any(unicodedata.category(c) == "Lo" for c in text):
        return True
    if "\ufffd" in text or _PROGRAM.search(text) or _PATH.search(text) or _FILE.search(text):
        return True
    if _IDENTIFIER.fullmatch(text) and (sum(map(str.isdigit, text)) >= letters or "_" in text):
        return True
    return _NUMBERING.sub("", text.casefold()) in _SAYS_NOTHING


def _one_line(text: str) -> str:
    printable = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return " ".join(unicodedata.normalize("NFC", printable).split())[:MAX_CHARACTERS]

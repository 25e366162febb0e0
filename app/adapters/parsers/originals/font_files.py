"""The fonts that a language's text is set in, as files. They come in packages: Noto Sans for most scripts, and a larger
one, an extra, for Chinese, Japanese and Korean.
"""

from importlib.util import find_spec
from pathlib import Path

from app.core.errors import FontMissing

_SCRIPTS = {
    "arabic": "Arabic", "armenian": "Armenian", "bengali": "Bengali", "devanagari": "Devanagari",
    "ethiopic": "Ethiopic", "georgian": "Georgian", "gujarati": "Gujarati", "gurmukhi": "Gurmukhi", "hebrew": "Hebrew",
    "kannada": "Kannada", "khmer": "Khmer", "lao": "Lao", "malayalam": "Malayalam", "burmese": "Myanmar",
    "oriya": "Oriya", "sinhala": "Sinhala", "tamil": "Tamil", "telugu": "Telugu", "thai": "Thai",
}  # fmt: skip
_WIDE = {"zh-Hant": "TC", "ja": "JP", "ko": "KR"}
_WIDE_SCRIPTS = frozenset({"han", "kana", "hangul"})
_MOST, _CJK = "manimgx_fonts", "justmytype_intl_cjk"


def font_files(language: str, scripts: frozenset[str]) -> list[Path]:
    """In the order in which they are tried. Raises FontMissing where one is not installed."""
    names = [f"NotoSans{_SCRIPTS[script]}[wght].ttf" for script in sorted(scripts & _SCRIPTS.keys())]
    paths = [_folder(_MOST) / name for name in [*names, "NotoSans[wght].ttf", "NotoSansSymbols[wght].ttf"]]
    wide = _folder(_CJK, needed=bool(scripts & _WIDE_SCRIPTS))
    if wide.name:
        kind = _WIDE.get(language, "SC")
        path = wide / "fonts" / "ofl" / f"notosans{kind.lower()}" / f"NotoSans{kind}[wght].ttf"
        paths.insert(0 if scripts & _WIDE_SCRIPTS else len(paths), path)
    return paths


def _folder(package: str, *, needed: bool = True) -> Path:
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        if needed:
            raise FontMissing
        return Path()
    return Path(next(iter(found.submodule_search_locations)))

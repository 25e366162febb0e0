"""The languages that can be asked for: wire code, English name, and the scripts that a text in it is written in.

The codes are those that LibreTranslate's clients send; its older spellings are accepted. A model knows more languages
than stand here, but a check of what comes back needs to know at least the script.
"""

from app.models.translation import Detected

_LATIN = "latin"
_TABLE: dict[str, tuple[str, str]] = {
    "af": ("Afrikaans", _LATIN), "am": ("Amharic", "ethiopic"), "ar": ("Arabic", "arabic"),
    "az": ("Azerbaijani", _LATIN), "be": ("Belarusian", "cyrillic"), "bg": ("Bulgarian", "cyrillic"),
    "bn": ("Bengali", "bengali"), "ca": ("Catalan", _LATIN), "cs": ("Czech", _LATIN), "cy": ("Welsh", _LATIN),
    "da": ("Danish", _LATIN), "de": ("German", _LATIN), "el": ("Greek", "greek"), "en": ("English", _LATIN),
    "eo": ("Esperanto", _LATIN), "es": ("Spanish", _LATIN), "et": ("Estonian", _LATIN), "eu": ("Basque", _LATIN),
    "fa": ("Persian", "arabic"), "fi": ("Finnish", _LATIN), "fr": ("French", _LATIN), "ga": ("Irish", _LATIN),
    "gl": ("Galician", _LATIN), "gu": ("Gujarati", "gujarati"), "he": ("Hebrew", "hebrew"),
    "hi": ("Hindi", "devanagari"), "hr": ("Croatian", _LATIN), "hu": ("Hungarian", _LATIN),
    "hy": ("Armenian", "armenian"), "id": ("Indonesian", _LATIN), "is": ("Icelandic", _LATIN),
    "it": ("Italian", _LATIN), "ja": ("Japanese", "kana han"), "ka": ("Georgian", "georgian"),
    "kk": ("Kazakh", "cyrillic"), "km": ("Khmer", "khmer"), "kn": ("Kannada", "kannada"), "ko": ("Korean", "hangul"),
    "ky": ("Kyrgyz", "cyrillic"), "lo": ("Lao", "lao"), "lt": ("Lithuanian", _LATIN), "lv": ("Latvian", _LATIN),
    "mk": ("Macedonian", "cyrillic"), "ml": ("Malayalam", "malayalam"), "mn": ("Mongolian", "cyrillic"),
    "mr": ("Marathi", "devanagari"), "ms": ("Malay", _LATIN), "mt": ("Maltese", _LATIN), "my": ("Burmese", "burmese"),
    "nb": ("Norwegian", _LATIN), "ne": ("Nepali", "devanagari"), "nl": ("Dutch", _LATIN),
    "pa": ("Punjabi", "gurmukhi"), "pl": ("Polish", _LATIN), "ps": ("Pashto", "arabic"),
    "pt": ("Portuguese", _LATIN), "pt-BR": ("Portuguese (Brazil)", _LATIN), "ro": ("Romanian", _LATIN),
    "ru": ("Russian", "cyrillic"), "si": ("Sinhala", "sinhala"), "sk": ("Slovak", _LATIN),
    "sl": ("Slovenian", _LATIN), "sq": ("Albanian", _LATIN), "sr": ("Serbian", "cyrillic latin"),
    "sv": ("Swedish", _LATIN), "sw": ("Swahili", _LATIN), "ta": ("Tamil", "tamil"), "te": ("Telugu", "telugu"),
    "th": ("Thai", "thai"), "tl": ("Tagalog", _LATIN), "tr": ("Turkish", _LATIN), "uk": ("Ukrainian", "cyrillic"),
    "ur": ("Urdu", "arabic"), "uz": ("Uzbek", "latin cyrillic"), "vi": ("Vietnamese", _LATIN),
    "zh-Hans": ("Chinese (simplified)", "han"), "zh-Hant": ("Chinese (traditional)", "han"),
}  # fmt: skip
_ALIASES = {
    "pb": "pt-BR", "zh": "zh-Hans", "zt": "zh-Hant", "zh-cn": "zh-Hans", "zh-sg": "zh-Hans", "zh-tw": "zh-Hant",
    "zh-hk": "zh-Hant", "no": "nb", "nn": "nb", "pt-pt": "pt", "iw": "he", "fil": "tl", "in": "id",
}  # fmt: skip
_BY_LOWER = {code.lower(): code for code in _TABLE} | _ALIASES
_RIGHT_TO_LEFT = frozenset({"arabic", "hebrew"})
# Characters that one of the two ways of writing Chinese alone has, among the most frequent.
_SIMPLIFIED = frozenset(
    "们个这来时说国会为学对发后与过还点样经开关长门问间东车马电话语请让谢应业书买卖见觉亲风飞头题类显体"
)
_TRADITIONAL = frozenset(
    "們個這來時說國會為學對發後與過還點樣經開關長門問間東車馬電話語請讓謝應業書買賣見覺親風飛頭題類顯體"
)


def codes() -> tuple[str, ...]:
    """Every wire code, in the order of the English names."""
    return tuple(sorted(_TABLE, key=name))


def known(code: str) -> str | None:
    """The wire code for a code as clients spell it ("pb", "ZH", "en-GB"); None for one that is not supported."""
    lower = code.strip().replace("_", "-").lower()
    return _BY_LOWER.get(lower) or _BY_LOWER.get(lower.partition("-")[0])


def name(code: str) -> str:
    """In English, as the model is told it."""
    return _TABLE[code][0]


def scripts(code: str) -> frozenset[str]:
    """As `logic.language` names them."""
    return frozenset(_TABLE[code][1].split())


def right_to_left(code: str) -> bool:
    return bool(scripts(code) & _RIGHT_TO_LEFT)


def wire(code: str, text: str) -> str:
    """The wire code of a language that was recognized in `text`, by its ISO 639-1 code."""
    if code == "zh":
        traditional = sum(character in _TRADITIONAL for character in text)
        return "zh-Hant" if traditional > sum(character in _SIMPLIFIED for character in text) else "zh-Hans"
    return known(code) or code


def unknown() -> Detected:
    """What is said of a text without letters: clients expect a language even so."""
    return Detected("en", 0.0)

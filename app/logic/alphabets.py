"""The letters that a language writes, where its script has languages with letters of their own.

A short text tells a statistical model little; one ї tells that it is no Russian. Sources: the languages' orthographies
as in CLDR's exemplar characters, without those for foreign words.
"""

_CYRILLIC = "абвгдежзклмнопрстуфхцчш"
_RUSSIAN = _CYRILLIC + "ёийщъыьэюя"
_ARABIC = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي"
_PERSIAN = _ARABIC + "پچژگکیۀە"
_ALPHABETS = {
    "ru": _RUSSIAN,
    "be": _CYRILLIC + "ёійўыьэюя",
    "bg": _CYRILLIC + "ийщъьюяѝ",
    "kk": _RUSSIAN + "әғқңөұүһі",
    "ky": _RUSSIAN + "ңөү",
    "mk": _CYRILLIC + "ѓѕијљњќџѐѝ",
    "mn": _RUSSIAN + "өү",
    "sr": _CYRILLIC + "ђијљњћџ",
    "tg": _CYRILLIC + "ёийъэюяғӣқӯҳҷ",
    "uk": _CYRILLIC + "ґєиіїйщьюя",
    "ar": _ARABIC,
    "fa": _PERSIAN,
    "ps": _PERSIAN + "ټډړږښځڅڼېۍګ",
    "ug": _ARABIC + "ەېۇۆۈۋڭگچپژھ",
    "ur": _PERSIAN + "ٹڈڑںےہھۓۂۃ",
}
_LETTERS = {code: frozenset(letters) for code, letters in _ALPHABETS.items()}
_LAST_ARABIC = "\u06ff"


def foreign(text: str, code: str) -> int:
    """How many letters of a text the language does not write, of the scripts above; 0 where its own are not known."""
    own = _LETTERS.get(code)
    if own is None:
        return 0
    return sum(character.isalpha() and _told(character) and character not in own for character in text.lower())


def _told(character: str) -> bool:
    """Cyrillic and Arabic, without forms for presentation, signs that only lengthen a line, and marks."""
    return "\u0400" <= character <= "\u052f" or ("\u0620" <= character <= _LAST_ARABIC and character != "\u0640")

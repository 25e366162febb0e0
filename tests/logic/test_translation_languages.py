"""Languages as clients name them, and recognized in short and mixed text."""

import pytest

from app.logic import translation_languages as languages
from app.logic.language import candidates

SHORT = {
    "en": "Where is the train station?", "de": "Wo ist der Bahnhof?", "fr": "Où est la gare ?",
    "es": "¿Dónde está la estación?", "it": "Dove si trova la stazione?", "pt": "Onde fica a estação?",
    "nl": "Waar is het treinstation?", "pl": "Gdzie jest dworzec kolejowy?", "cs": "Kde je vlakové nádraží?",
    "tr": "Tren istasyonu nerede?", "vi": "Nhà ga ở đâu?", "ru": "Где находится вокзал?",
    "uk": "Де знаходиться залізнична станція?",
    "el": "Πού είναι ο σταθμός;", "he": "איפה תחנת הרכבת?", "ar": "أين محطة القطار؟", "fa": "ایستگاه قطار کجاست؟",
    "hi": "रेलवे स्टेशन कहाँ है?", "th": "สถานีรถไฟอยู่ที่ไหน", "zh-Hans": "火车站在哪里？", "zh-Hant": "火車站在哪裡？",
    "ja": "駅はどこですか？", "ko": "기차역이 어디예요?", "ta": "ரயில் நிலையம் எங்கே?",
}  # fmt: skip


@pytest.mark.parametrize("code", SHORT)
def test_a_short_question_is_recognized(code: str) -> None:
    best, confidence = candidates(SHORT[code])[0]
    assert languages.wire(best, SHORT[code]) == code
    assert 0 < confidence <= 1


@pytest.mark.parametrize("code", SHORT)
def test_more_text_is_surer(code: str) -> None:
    short, long = candidates(SHORT[code][:8])[:1], candidates(" ".join([SHORT[code]] * 4))[0]
    assert not short or short[0][1] <= long[1]


def test_both_languages_of_a_mixed_text_are_told() -> None:
    found = dict(
        candidates("The report of the company says: 净收入增长了百分之二十。 And it goes on in English after that.")
    )
    assert {"en", "zh"} <= found.keys()
    assert sum(found.values()) <= 1.01


def test_a_single_word_is_never_sure() -> None:
    assert all(confidence < 0.5 for _, confidence in candidates("Hotel"))
    assert candidates("12 % — !") == candidates("") == []


@pytest.mark.parametrize(
    ("sent", "code"),
    [("pb", "pt-BR"), ("pt_BR", "pt-BR"), ("zh", "zh-Hans"), ("zt", "zh-Hant"), ("ZH-TW", "zh-Hant"), ("en-GB", "en"),
     ("no", "nb"), ("iw", "he"), ("tlh", None), ("", None), ("en;drop", None)],
)  # fmt: skip
def test_codes_as_clients_spell_them(sent: str, code: str | None) -> None:
    assert languages.known(sent) == code


def test_every_language_has_a_name_and_a_script() -> None:
    assert len(set(languages.codes())) == len(languages.codes()) > 60
    for code in languages.codes():
        assert languages.known(code) == code
        assert languages.name(code)
        assert languages.scripts(code)
    assert [code for code in ("ar", "he", "fa", "ur", "en") if languages.right_to_left(code)] == [
        "ar",
        "he",
        "fa",
        "ur",
    ]

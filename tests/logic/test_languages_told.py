"""Short and mixed texts are told in 25 languages, with a confidence that grows with the text."""

import pytest

from app.logic.language import candidates

SHORT = {
    "ar": "أين محطة القطار من فضلك؟",
    "cs": "Kde je vlakové nádraží?",
    "de": "Wo ist der Bahnhof, bitte?",
    "el": "Πού είναι ο σταθμός;",
    "en": "Where is the train station?",
    "es": "¿Dónde está la estación de tren?",
    "fa": "ایستگاه قطار کجاست؟",
    "fi": "Missä on rautatieasema?",
    "fr": "Où se trouve la gare, s'il vous plaît ?",
    "he": "איפה תחנת הרכבת?",
    "hi": "रेलवे स्टेशन कहाँ है?",
    "hu": "Hol van a vasútállomás?",
    "it": "Dove si trova la stazione?",
    "ja": "駅はどこですか。",
    "ko": "기차역이 어디에 있습니까?",
    "nl": "Waar is het station alstublieft?",
    "pl": "Gdzie jest dworzec kolejowy?",
    "pt": "Onde fica a estação de comboios?",
    "ro": "Unde este gara, vă rog?",
    "ru": "Где находится вокзал?",
    "sv": "Var ligger järnvägsstationen?",
    "th": "สถานีรถไฟอยู่ที่ไหน",
    "tr": "Tren istasyonu nerede?",
    "vi": "Nhà ga xe lửa ở đâu?",
    "zh": "火车站在哪里？",
}


@pytest.mark.parametrize("code", SHORT)
def test_a_short_text_and_one_with_foreign_words_in_it(code: str) -> None:
    for text in (SHORT[code], f"{SHORT[code]} OK, Windows 11"):
        [(found, confidence), *_] = candidates(text)
        assert found == code
        assert 0.3 < confidence <= 1


@pytest.mark.parametrize("text", ["Hi", "Ja", "Da", "Привет", "سلام"])
def test_a_word_is_not_sure(text: str) -> None:
    assert candidates(text)[0][1] < 0.5

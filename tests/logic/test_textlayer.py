import unicodedata

import pytest

from app.logic.textlayer import is_in_another_script, judge, loses_marks

ENGLISH = "The company reported that net sales grew in all of its business segments over the last fiscal year. " * 3
HINDI = "कंपनी ने बताया कि पिछले वित्तीय वर्ष में उसके सभी व्यावसायिक क्षेत्रों में बिक्री बढ़ी है और लाभ भी अधिक हुआ। " * 3
TAMIL = "கடந்த நிதியாண்டில் அனைத்து வணிகப் பிரிவுகளிலும் நிகர விற்பனை வளர்ந்ததாக நிறுவனம் தெரிவித்துள்ளது. " * 3
BENGALI = "কোম্পানি জানিয়েছে যে গত অর্থবছরে তার সমস্ত ব্যবসায়িক বিভাগে বিক্রি বেড়েছে এবং লাভও বেশি হয়েছে। " * 3
ARABIC = "أعلنت الشركة أن المبيعات ارتفعت خلال السنة المالية الماضية في جميع القطاعات التجارية المهمة " * 3


def shifted(text: str) -> str:
    """As a font without a map to Unicode gives it: glyph numbers 29 below the letters."""
    return "".join(chr(ord(character) - 29) if character > " " else character for character in text)


def cut_at_vowels(text: str) -> str:
    """As extractors give what a browser printed: no glyph of a syllable but its first has a place."""
    return "".join(character + " " * (unicodedata.category(character) == "Mc") for character in text)


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH,
        HINDI,
        TAMIL,
        BENGALI,
        ARABIC,
        "บริษัทรายงานว่ายอดขายสุทธิเพิ่มขึ้นในทุกกลุ่มธุรกิจในปีที่ผ่านมา " * 5,
        "该公司报告称，上一财年所有业务部门的净销售额均有所增长。" * 5,
        "Společnost oznámila, že čisté tržby vzrostly; čtvrtletní zisk po zdanění přesto zůstal stejný. " * 4,
        "Компания сообщила о росте продаж (GAAP) во всех сегментах бизнеса за год. " * 4,
        "2021 2020 2019\n$ 5,363 4,869\n(370) (967)",
        "São Paulo, Ângela, MAÇÃ, NÃO É «Ã» e “Â”: três Ãs não são erro.",
        "42",
        "x = a + b, y = c + d",
        "• one\n• two",
    ],
)
def test_good_text_of_every_script(text: str) -> None:
    assert judge(text) == "good"


@pytest.mark.parametrize("text", ["", " \n ", "• — •", "..."])
def test_nothing_to_read(text: str) -> None:
    assert judge(text) == "empty"


@pytest.mark.parametrize(
    "text",
    [
        "(cid:12)(cid:45)(cid:3) (cid:9)(cid:88)",
        "\ue001\ue002\ue003 \ue004\ue005",
        "The \ufffd\ufffdmpany rep\ufffdrted th\ufffdt s\ufffdles gr\ufffdw",
        shifted(ENGLISH),
        " ".join(ENGLISH.replace(" ", "")),
        "Соmраnу rероrtеd sаlеs grоwth οf аll ѕеgmеntѕ аnd mаrkеtѕ fоr thе уеаr " * 3,
        "\u25cc\u093fहन्दी \u25cc\u093fवत्तीय \u25cc\u0940 वर्ष",
        " ".join("\u093f" + word for word in HINDI.split()),
        ARABIC[::-1],
        "Le cafÃ© a Ã©tÃ© fermÃ© â€“ voilÃ",
        "Компания сообщила о росте".encode().decode("latin-1"),
    ],
    ids=[
        *("cid", "private", "replaced", "shifted", "spaced", "mixed", "dotted", "orphans"),
        "reversed",
        *("utf-8 as latin-1", "cyrillic as latin-1"),
    ],
)
def test_rubbish(text: str) -> None:
    assert judge(text) == "bad"


def test_a_second_reading_that_lost_vowel_signs_is_told() -> None:
    assert loses_marks(cut_at_vowels(HINDI), HINDI.replace("\u0947", ""))
    assert not loses_marks(cut_at_vowels(HINDI), HINDI)
    assert not loses_marks(ENGLISH, "")


def test_a_reading_in_another_script_is_told() -> None:
    assert is_in_another_script(cut_at_vowels(TAMIL), "deed chi 4 oft feu sie wS VIA")
    assert not is_in_another_script(cut_at_vowels(TAMIL), TAMIL)
    assert not is_in_another_script(ENGLISH, HINDI)
    assert not is_in_another_script("", HINDI)

import pytest

from app.logic.translation_checks import ADVICE, fault
from app.logic.translation_masks import segment
from app.models.translation import Pair, Segment, Term

LONG = "The harbour is closed today because of the storm that came in over night from the north."


@pytest.mark.parametrize(
    ("source", "reply", "target", "reason"),
    [
        ("Good morning, dear friends.", "Guten Morgen, liebe Freunde.", "de", None),
        ("See <x1/>.", "Siehe <x1/>.", "de", None),
        ("See <x1/>.", "Siehe.", "de", "marks_changed"),
        ("See <x1/>.", "Siehe <x1/> <x1/>.", "de", "marks_changed"),
        ("See <x1/>.", "Siehe <x2/>.", "de", "marks_changed"),
        ("<g1>Big</g1> fish", "Fisch, <g1>groß</g1>", "de", None),
        ("<g1>Big</g1> fish", "</g1>Großer<g1> Fisch", "de", "marks_changed"),
        ("<g1>a <g2>b</g2></g1> fish", "<g1>ein <g2>b</g1></g2> Fisch", "de", "marks_changed"),
        ("It has 1,234.5 parts.", "Es hat 1.234,5 Teile.", "de", None),
        ("It has 1 234 parts.", "Es hat 1.234 Teile.", "de", None),
        ("It has 17 parts.", "Es hat 71 Teile.", "de", "numbers_changed"),
        ("It has 17 parts.", "Es hat Teile.", "de", "numbers_changed"),
        ("It has parts.", "Es hat 3 Teile.", "de", "numbers_changed"),
        ("It has 17 parts.", "يحتوي على ١٧ جزءا.", "ar", None),
        ("It has 17 parts.", "इसमें १७ भाग हैं।", "hi", None),
        ("Any text", "  ", "de", "empty"),
        ("Any text", "<x1/>", "de", "empty"),
        (LONG, LONG, "de", "echoed"),
        (LONG, LONG.upper(), "de", "echoed"),
        ("Berlin", "Berlin", "de", None),
        ("Microsoft Excel", "Microsoft Excel", "zh-Hans", None),
        ("open the door", "open the door", "ja", "echoed"),
        (LONG, "港口今天关闭，因为昨夜从北方来了暴风雨。", "zh-Hans", None),
        (LONG, "Le port est fermé aujourd'hui à cause de la tempête venue du nord.", "zh-Hans", "wrong_script"),
        (LONG, "Порт сегодня закрыт из-за бури, пришедшей ночью с севера.", "hi", "wrong_script"),
        ("Use Microsoft Word here.", "在此使用 Microsoft Word。", "zh-Hans", None),
        (LONG, "Der Hafen.", "de", "too_short"),
        ("Good morning.", "Guten Morgen. " + "Ich erkläre es gern noch genauer. " * 12, "de", "too_long"),
        (LONG, "Der Hafen ist heute wegen des Sturms geschlossen, der über", "de", "cut_off"),
        (LONG, "ท่าเรือปิดวันนี้เพราะพายุที่พัดมาจากทางเหนือเมื่อคืนนี้", "th", None),
        (
            "港口今天关闭，因为昨夜从北方来了暴风雨。",
            "The harbour is closed today because of a storm from the north.",
            "en",
            None,
        ),
        ("これは二〇二四年の報告書です。", "This is the report of that year.", "en", None),
    ],
)
def test_faults(source: str, reply: str, target: str, reason: str | None) -> None:
    assert fault(Segment(source, source), reply, Pair(None, target)) == reason


def test_what_is_in_the_target_language_already_may_come_back() -> None:
    text = "Der Hafen ist heute wegen des Sturms geschlossen."
    assert fault(segment(text), text, Pair("en", "de")) is None


def test_a_term_may_bring_other_numbers() -> None:
    terms = (Term("World War 2", "Zweiter Weltkrieg"), Term("Model X", "Modell 10"))
    good = "Nach dem Zweiten Weltkrieg kamen 7 Modell 10."
    source = segment("After World War 2 came 7 Model X.")
    assert fault(source, good, Pair("en", "de"), terms) is None
    assert fault(source, good, Pair("en", "de")) == "numbers_changed"
    assert fault(source, good.replace("7", "8"), Pair("en", "de"), terms) == "numbers_changed"


def test_every_fault_has_its_advice() -> None:
    assert all(advice.endswith(".") for advice in ADVICE.values())

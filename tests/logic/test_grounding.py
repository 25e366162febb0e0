import pytest

from app.logic.evidence import read_evidence
from app.logic.grounding import UNKNOWN, Claim, Weighing
from app.logic.negation import denies
from tests.fakes.passages import passage

REPORT = (
    "Net revenues were $26.5 billion in 2018, up 12% from the year before. Operating costs fell to $3.1 billion. "
    "The company did not pay a dividend. Its headquarters are in Seattle."
)


def supported(text: str, claim: str, language: str = "en", claimed: str | None = None) -> float:
    evidence = read_evidence([passage(text, language=language), passage("Nothing of the kind.", language=language)])
    match = Weighing(evidence, Claim(claim, claimed or language)).best(0)
    return match.score if match else -1.0


@pytest.mark.parametrize(
    ("text", "language", "claim"),
    [
        (REPORT, "en", "Net revenues were $26.5 billion in 2018."),
        (REPORT, "en", "In 2018, net revenue was 26,500 million dollars."),
        (REPORT, "en", "- The company didn't pay a dividend"),
        ("该公司2018年的净收入为265亿元，比上年增长12%。总部位于西雅图。", "zh", "2018年净收入为265亿元。"),
        ("بلغ صافي الإيرادات ٢٦٫٥ مليار دولار. يقع المقر في سياتل.", "ar", "يقع المقر في سياتل."),
        ("कंपनी का शुद्ध राजस्व 2018 में 12% बढ़ा। मुख्यालय सिएटल में है।", "hi", "मुख्यालय सिएटल में है।"),
        ("รายได้สุทธิของบริษัทเพิ่มขึ้นร้อยละ 12 ในปี 2018", "th", "รายได้สุทธิเพิ่มขึ้นร้อยละ 12"),
        ("Der Umsatz stieg 2018 auf 26,5 Milliarden Euro.", "de", "2018 stieg der Umsatz auf 26.500 Millionen Euro."),
    ],
)
def test_what_the_text_says_is_supported(text: str, language: str, claim: str) -> None:
    assert supported(text, claim, language) >= 0.75


@pytest.mark.parametrize(
    ("text", "language", "claim"),
    [
        (REPORT, "en", "Net revenues were $27.5 billion in 2018."),  # a wrong number
        (REPORT, "en", "Net revenues were $26.5 million in 2018."),  # a wrong scale
        (REPORT, "en", "Net revenues rose by $12 in 2018."),  # a wrong unit
        (REPORT, "en", "The company did pay a dividend."),  # no negation
        (REPORT, "en", "Its headquarters are not in Seattle."),
        (REPORT, "en", "The board dismissed its chairman."),
        ("该公司2018年的净收入为265亿元，比上年增长12%。", "zh", "2018年净收入为365亿元。"),
        ("该公司支付了股息。", "zh", "该公司没有支付股息。"),
        ("该公司2018年的净收入为265亿元。", "zh", "董事会解雇了主席。"),
        ("لم تدفع الشركة أرباحا.", "ar", "تدفع الشركة أرباحا."),
        ("कंपनी ने लाभांश नहीं दिया।", "hi", "कंपनी ने लाभांश दिया।"),
        ("บริษัทไม่จ่ายเงินปันผล", "th", "บริษัทจ่ายเงินปันผล"),
        ("Die Firma zahlte keine Dividende.", "de", "Die Firma zahlte eine Dividende."),
    ],
)
def test_what_the_text_does_not_say_is_not(text: str, language: str, claim: str) -> None:
    assert supported(text, claim, language) < 0.6


def test_the_sentence_that_says_it_is_found() -> None:
    evidence = read_evidence([passage(REPORT)])
    match = Weighing(evidence, Claim("Costs fell to 3.1 billion", "en")).best(0)
    assert match is not None
    assert [unit.text for unit in match.units] == ["Operating costs fell to $3.1 billion."]


def test_two_sentences_are_quoted_together_when_the_claim_needs_both() -> None:
    evidence = read_evidence([passage(REPORT)])
    match = Weighing(evidence, Claim("Operating costs fell to $3.1 billion and no dividend was paid.", "en")).best(0)
    assert match is not None
    assert len(match.units) == 2


def test_sentences_of_two_pages_are_never_quoted_together() -> None:
    evidence = read_evidence([passage("Operating costs fell to $3 billion.", "The company did not pay a dividend.")])
    match = Weighing(evidence, Claim("Operating costs fell to $3 billion and no dividend was paid.", "en")).best(0)
    assert match is not None
    assert len(match.units) == 1


def test_numbers_may_stand_in_the_headings_of_a_table() -> None:
    table = "Consolidated statements, 2021 (in millions)\nRevenue  26,482  24,100\nCosts  3,127  3,500\n"
    assert supported(table, "Revenue was $26.5 billion in 2021.") > 0.75
    assert supported(table, "Revenue was $26.5 billion in 2019.") < 0.75


def test_another_language_is_neither_supported_nor_refuted() -> None:
    claim = "Der Nettoumsatz betrug 2018 26,5 Milliarden Dollar."
    assert UNKNOWN <= supported(REPORT, claim, "en", "de") < 0.9
    assert supported(REPORT, claim.replace("26,5", "27,5"), "en", "de") < UNKNOWN


@pytest.mark.parametrize(
    ("texts", "claim", "language"),
    [
        (["Costs rose.", REPORT, "Costs fell.", REPORT], "Operating costs fell to $3.1 billion.", "en"),
        (["总部在北京。", "该公司的总部位于西雅图。", "该公司的总部位于西雅图。"], "公司总部位于西雅图", "zh"),
        (["كان الربح أقل", "بلغ الربح مليونين", "بلغ الربح مليونين"], "بلغ الربح مليونين", "ar"),
    ],
)
def test_the_clearest_passage_is_the_earliest_of_the_best(texts: list[str], claim: str, language: str) -> None:
    weighing = Weighing(read_evidence([passage(text, language=language) for text in texts]), Claim(claim, language))
    best = [match.score if (match := weighing.best(number)) else 0.0 for number in range(len(texts))]
    found = weighing.clearest()
    assert found is not None
    assert (found.units[0].passage, found.score) == (1, max(best))
    assert weighing.clearest(found.score) == found
    assert weighing.clearest(found.score + 0.01) is None


def test_nothing_to_compare_with_supports_nothing() -> None:
    evidence = read_evidence([passage("")])
    assert Weighing(evidence, Claim("Anything", "en")).best(0) is None
    assert Weighing(evidence, Claim("Anything", "en")).support(()) == 0.0


@pytest.mark.parametrize(
    "text",
    [
        "It did not rise.",
        "Es gibt keine.",
        "Il ne paie pas… jamais",
        "公司没有支付",
        "支払わない",
        "لا يوجد",
        "नहीं है",
        "ไม่มี",
        "isn’t so",
    ],
)
def test_negation(text: str) -> None:
    assert denies(text)


@pytest.mark.parametrize(
    "text", ["It rose.", "not without reason", "不同的公司", "不仅如此", "未来", "notable", "नहीं नहीं"]
)
def test_affirmation(text: str) -> None:
    assert not denies(text)

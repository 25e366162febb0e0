import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.logic.language import detect


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "What were the net revenues of the company in 2021?"),
        ("de", "Wie hoch war der Umsatz des Unternehmens im letzten Jahr?"),
        ("es", "¿Cuáles fueron los ingresos de la empresa el año pasado?"),
        ("fr", "Quel était le chiffre d'affaires de l'entreprise ?"),
        ("ru", "Какова была выручка компании в прошлом году?"),
        ("uk", "Яким був дохід компанії минулого року?"),
        ("ar", "ما هو صافي إيرادات الشركة في العام الماضي؟"),
        ("fa", "درآمد شرکت در سال گذشته چقدر بود؟"),
        ("hi", "पिछले साल कंपनी की आय कितनी थी?"),
        ("mr", "मागील वर्षी कंपनीचे उत्पन्न किती होते?"),
        ("zh", "公司去年的净收入是多少？"),
        ("ja", "会社の昨年の売上高はいくらでしたか。"),
        ("ja", "カタカナ"),
        ("ko", "회사의 작년 매출은 얼마였습니까?"),
        ("th", "รายได้ของบริษัทเมื่อปีที่แล้วเป็นเท่าไร"),
        ("el", "Ποια ήταν τα έσοδα της εταιρείας;"),
        ("he", "מה היו הכנסות החברה בשנה שעברה?"),
        ("ta", "கடந்த ஆண்டு நிறுவனத்தின் வருவாய் என்ன?"),
        ("km", "តើចំណូលរបស់ក្រុមហ៊ុនមានប៉ុន្មាន"),
    ],
)
def test_language_is_told(code: str, text: str) -> None:
    found = detect(text)
    assert found
    assert found[0] == code
    assert 0.5 <= found[1] <= 1


def test_language_with_most_of_a_mixed_text_wins() -> None:
    assert (detect("什么是 EBITDA margin？") or ("",))[0] == "zh"
    english = "The company was founded in Shenzhen (深圳) and sells software in many countries of the world."
    found = detect(english)
    assert found
    assert found[0] == "en"
    assert found[1] < 1


def test_addresses_do_not_count() -> None:
    link = "https://www.example.com/investors/annual-report-and-the-other-documents"
    assert (detect(f"Доход компании {link}") or ("",))[0] == "ru"


@pytest.mark.parametrize("text", ["", "  \n", "2021", "$ 1,577.00 (12%)", "—…!", "A", "Hola", "Q3 2022", "x" * 5])
def test_nothing_is_guessed_from_too_little(text: str) -> None:
    assert detect(text) is None


@given(st.text())
def test_any_text_has_an_answer_or_none(text: str) -> None:
    found = detect(text)
    assert found is None or (len(found[0]) == 2 and 0 < found[1] <= 1)

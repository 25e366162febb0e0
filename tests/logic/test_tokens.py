import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.logic.tokens import STEM, analyze, analyze_query


def forms(text: str, language: str | None = None) -> list[str]:
    return [token for token in analyze(text, language) if not token.startswith(STEM)]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("10-K", {"10", "k", "10k"}),
        ("10K", {"10", "10k"}),
        ("Q3'22", {"q3", "22"}),
        ("A-1042", {"1042", "a1042"}),
        ("$1,577", {"1577"}),
        ("(1,577)", {"1577"}),
        ("1,234,567.89", {"1234567.89"}),
        ("1,00,000", {"100000"}),
        ("1.577", {"1577", "1.577"}),
        ("26.5", {"26.5"}),
        ("26,5", {"26.5"}),
        ("$26.5B", {"26.5", "b"}),
        ("FY2018", {"fy2018", "2018"}),
        ("COVID-19", {"covid", "19", "covid19"}),
        ("U.S.", {"us"}),
        ("e-mail", {"mail", "email"}),
        ("O'Neill", {"neill", "oneill"}),
        ("year’s", {"year"}),
        ("C++", {"c++"}),
        ("C#", {"c#"}),
        ("2021-12-31", {"2021", "12", "31", "20211231"}),
        ("user@example.org", {"user", "example", "org"}),
    ],
)
def test_numbers_codes_and_joined_words_are_found(written: str, found: set[str]) -> None:
    assert found <= set(forms(written))
    assert found <= set(forms(f"see {written}, please."))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("naïve", "NAIVE"),
        ("Straße", "STRASSE"),
        ("Łódź", "lodz"),
        ("İstanbul", "istanbul"),
        ("Ёлка", "елка"),
        ("Ὀδυσσεύς", "ΟΔΥΣΣΕΥΣ"),
        ("ＦＵＬＬ", "full"),
        ("ｶﾀｶﾅ", "カタカナ"),
        ("٢٠٢١", "2021"),
        ("२०२१", "2021"),
        ("أَحْمَد", "احمد"),
        ("مدرســة", "مدرسه"),
        ("می‌خواهم", "میخواهم"),
        ("ज़मीन", "जमीन"),
        ("e\u0301tude", "étude"),
        ("ﬁnance", "finance"),
        ("co\u00adoperate", "cooperate"),
        ("3M’s", "3M"),
        ("A-1042's", "A-1042"),
        ("747" + "'s" * 2000, "747"),
    ],
)
def test_spellings_of_one_word_meet(one: str, other: str) -> None:
    assert forms(one) == forms(other) != []


@pytest.mark.parametrize("word", ["हिन्दी", "தமிழ்", "বাংলা", "മലയാളം", "ਪੰਜਾਬੀ"])
def test_vowel_signs_stay_inside_words(word: str) -> None:
    assert forms(f"“{word}”, €100") == [word, "100"]


def test_letters_that_are_no_accents_stay() -> None:
    assert forms("йод") != forms("иод")
    assert forms("คา") != forms("ค่า")


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("净利润", ["净利", "利润"]),
        ("中", ["中"]),
        ("東京タワー", ["東京", "京タ", "タワ", "ワー"]),
        ("데이터 값", ["데이", "이터", "값"]),
        ("深圳A股2022年", ["深圳", "a", "股", "2022", "年"]),
        ("น้ำตก", ["น้ํา" + "ต", "ต" + "ก"]),
        ("ខ្មែរ", ["ខ្មែ" + "រ"]),
    ],
)
def test_scripts_without_spaces_come_in_pairs(text: str, pairs: list[str]) -> None:
    assert forms(text) == pairs


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "companies", "company"),
        ("de", "Häuser", "Haus"),
        ("es", "canciones", "canción"),
        ("fr", "nationales", "national"),
        ("ru", "документов", "документы"),
        ("ar", "والكتاب", "كتاب"),
        ("hi", "किताबें", "किताब"),
        ("tr", "kitapları", "kitap"),
        ("pl", "dokumentów", "dokumenty"),
    ],
)
def test_stems_join_the_forms_of_a_word(language: str, one: str, other: str) -> None:
    stems = {token for token in analyze(one, language) if token.startswith(STEM)}
    assert stems == {token for token in analyze(other, language) if token.startswith(STEM)} != set()
    assert forms(one, language) != forms(other, language)


def test_one_character_finds_the_words_that_hold_it() -> None:
    assert set(analyze_query("铁", "zh").terms) & set(analyze("高速铁路", "zh")) == {"~铁"}
    assert "~ต" in analyze("น้ำตก", "th")
    assert "~的" not in analyze_query("中国的首都", "zh").terms


def test_vietnamese_tones_tell_words_apart_but_may_be_left_out() -> None:
    assert set(analyze("má", "vi")) & set(analyze("mà", "vi")) == {"ma"}
    assert set(analyze("mà", "vi")) >= set(analyze_query("ma", "vi").terms) - {"~ma"}


def test_stems_follow_the_forms_and_need_a_language() -> None:
    assert analyze("annual reports", "en") == ["annual", "reports", "~annual", "~report"]
    assert analyze("annual reports", None) == ["annual", "reports"]
    assert analyze("~tilde", None) == ["tilde"]


@given(st.text(), st.sampled_from([None, "en", "de", "zh", "ar", "hi", "th"]))
def test_any_text_gives_clean_tokens_always_the_same(text: str, language: str | None) -> None:
    tokens = analyze(text, language)
    assert tokens == analyze(text, language)
    for token in tokens:
        assert not any(character.isspace() for character in token)
        assert any(unicodedata.category(character)[0] in "LNM" for character in token)
        assert len(token) <= 65


@given(st.lists(st.text(min_size=1), max_size=5))
def test_a_text_has_the_forms_of_its_words_in_order(words: list[str]) -> None:
    assert forms(" ".join(words)) == [form for word in words for form in forms(word)]


def test_query_keeps_each_term_once_without_words_that_only_ask() -> None:
    query = analyze_query("What is the revenue, and what was revenue in 2021?", "en")
    assert query.terms == ("revenue", "2021", "~revenu")
    assert query.phrases == ()


@pytest.mark.parametrize(
    ("language", "question", "kept"),
    [
        ("de", "Wie hoch war der Umsatz?", {"hoch", "umsatz"}),
        ("ar", "ما هو صافي الربح؟", {"صافي", "الربح"}),
        ("hi", "कंपनी की आय क्या है?", {"कंपनी", "आय"}),
        ("zh", "净利润是多少？", {"净利", "利润", "润是"}),
        ("ja", "本社はどこですか", {"本社", "社は"}),
    ],
)
def test_asking_words_are_known_by_language(language: str, question: str, kept: set[str]) -> None:
    assert {term for term in analyze_query(question, language).terms if not term.startswith(STEM)} == kept


@pytest.mark.parametrize(
    ("languages", "kept"),
    [
        (("en",), {"revenue", "~revenu"}),
        ((None,), {"revenue"}),
        (("de", "en"), {"revenue", "~revenu"}),
        (("fr",), {"revenue", "~revenu"}),
        ((), {"revenue"}),
    ],
)
def test_question_may_be_in_another_language_than_the_documents(languages: tuple[str | None], kept: set[str]) -> None:
    assert set(analyze_query("What was the revenue?", *languages).terms) == kept


def test_stems_of_every_language_of_the_documents() -> None:
    terms = set(analyze_query("informationen companies", "en", "de").terms)
    assert {"informationen", "companies", "~compani", "~information"} <= terms


def test_question_of_empty_words_alone_keeps_them() -> None:
    assert "who" in analyze_query("Who is it?", "en").terms
    assert analyze_query("什么", "zh").terms == ("什么", "~什", "~么")


@pytest.mark.parametrize("quoted", ['"net revenue"', "“net revenue”", "«net revenue»", "„net revenue“"])
def test_quoted_words_are_a_phrase_and_terms(quoted: str) -> None:
    query = analyze_query(f"growth of {quoted}", "en")
    assert query.phrases == (("net", "revenue"),)
    assert query.preferred == ()
    assert {"growth", "net", "revenue"} <= set(query.terms)


def test_quoted_words_in_a_longer_question_are_preferred() -> None:
    query = analyze_query('Who composed most of the music for "Doctor Who" until 1979?', "en")
    assert query.phrases == ()
    assert query.preferred == (("doctor", "who"),)


def test_quoted_chinese_is_a_phrase_of_pairs() -> None:
    assert analyze_query("「净利润」增长", "zh").phrases == (("净利", "利润"),)


def test_inch_marks_and_empty_quotes_are_no_phrases() -> None:
    assert analyze_query('a 5" pipe', "en").phrases == ()
    assert analyze_query('"" and "?!"', "en").phrases == ()

"""Which documents a question means."""

import pytest

from app.logic.docmatch import DocumentFacts, DocumentIndex, card


def index_of(*names: str, opening: str = "Annual report", title: str | None = None) -> DocumentIndex:
    index = DocumentIndex()
    for name in names:
        index.put(name, card(DocumentFacts(name, "v", name, title, "en", {}, opening)))
    return index


def best(index: DocumentIndex, question: str) -> str:
    preferences = index.preferences(question)
    return max(preferences, key=lambda key: preferences[key])


FILINGS = ("ACME_2021_10K.pdf", "ACME_2022_10K.pdf", "ACME_2022Q2_10Q.pdf", "BESTBUY_2022_10K.pdf", "globex-2022.pdf")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What was ACME's revenue in FY2021?", "ACME_2021_10K.pdf"),
        ("What was the revenue of Acme in 2022?", "ACME_2022_10K.pdf"),
        ("And Acme in Q2 of FY2022?", "ACME_2022Q2_10Q.pdf"),
        ("How many stores has Best Buy?", "BESTBUY_2022_10K.pdf"),
        ("How did Globex compare in 2022 with 2021?", "globex-2022.pdf"),
        ("Did ACME's costs rise between 2021 and 2022?", "ACME_2022_10K.pdf"),
        ("What does Acme expect of 2023?", "ACME_2022_10K.pdf"),
    ],
)
def test_names_and_times_tell_the_document(question: str, expected: str) -> None:
    assert best(index_of(*FILINGS), question) == expected


def test_a_document_named_half_as_well_is_meant_less_than_half() -> None:
    preferences = index_of(*FILINGS).preferences("What was the revenue of Acme in 2022?")
    assert 0 < preferences["BESTBUY_2022_10K.pdf"] < 0.4 * preferences["ACME_2022_10K.pdf"]


def test_a_name_without_a_time_means_the_newest() -> None:
    preferences = index_of(*FILINGS).preferences("What does Acme make?")
    assert preferences["ACME_2022_10K.pdf"] > preferences["ACME_2021_10K.pdf"] > 0
    assert "globex-2022.pdf" not in preferences


def test_what_every_document_bears_tells_nothing() -> None:
    assert index_of("report-a.pdf", "report-b.pdf").preferences("What does the report say?") == {}


def test_empty_words_tell_nothing() -> None:
    assert index_of("what is new.pdf", "minutes.pdf").preferences("What is there?") == {}


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("财务报告_华为_2022.pdf", "华为2022年的收入是多少？"),
        ("تقرير_أرامكو.pdf", "ما هي أرباح أرامكو؟"),
        ("रिपोर्ट_टाटा.pdf", "टाटा का राजस्व कितना था?"),
        ("รายงาน_ปตท.pdf", "ปตท มีรายได้เท่าไร"),
        ("AuroraAnnualReport.pdf", "How large is Aurora?"),
    ],
)
def test_names_of_every_script(name: str, question: str) -> None:
    assert best(index_of(name, "other_2020.pdf", "something.pdf"), question) == name


def test_first_pages_and_metadata_count_too() -> None:
    index = index_of("a1.pdf", "b2.pdf", "c3.pdf")
    index.put("x", card(DocumentFacts("x", "v", "d4.pdf", None, "en", {}, "Initech Corporation, annual report")))
    index.put("y", card(DocumentFacts("y", "v", "e5.pdf", None, "en", {"client": "Hooli"}, "")))
    assert best(index, "What does Initech sell?") == "x"
    assert best(index, "What does Hooli sell?") == "y"


def test_documents_come_and_go() -> None:
    index = index_of(*FILINGS)
    index.remove("globex-2022.pdf")
    index.remove("never there")
    assert "globex-2022.pdf" not in index.preferences("Globex in 2022")
    assert best(index, "Best Buy") == "BESTBUY_2022_10K.pdf"


def test_names_in_a_question_are_those_that_some_document_bears() -> None:
    assert "acme" in index_of(*FILINGS).names_in("What does Acme make?")
    assert "make" not in index_of(*FILINGS).names_in("What does Acme make?")
    assert index_of("acme.pdf").names_in("What does Acme make?") == frozenset()


def test_a_name_that_a_file_name_writes_as_one_word_is_found_in_its_words() -> None:
    assert index_of(*FILINGS).names_in("What does Best Buy sell best?") == {"best", "buy"}
    assert index_of(*FILINGS).names_in("Which is the best globe?") == frozenset()


def test_languages_begin_with_the_most_frequent() -> None:
    index = DocumentIndex()
    for number, language in enumerate(["de", "en", "en", None]):
        index.put(str(number), card(DocumentFacts(str(number), "v", "n.txt", None, language, {}, "")))
    assert index.languages() == ("en", "de")

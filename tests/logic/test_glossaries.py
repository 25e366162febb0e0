import pytest

from app.logic.glossaries import clean, fingerprint, from_csv, missed, occurring, to_csv
from app.models.translation import Term


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        (Term("invoice", "Rechnung"), "The INVOICE is here.", True),
        (Term("invoice", "Rechnung"), "The invoices are here.", False),
        (Term("SAP", None, True), "sap of a tree", False),
        (Term("SAP", None, True), "with SAP.", True),
        (Term("港口", "harbour"), "这个港口很大", True),
        (Term("बंदर", "monkey"), "बंदरगाह", False),
        (Term("C++", None), "in C++ or", True),
        (Term("ميناء", "harbour"), "إلى ميناء كبير", True),
    ],
)
def test_a_term_occurs_as_a_word_of_its_own(term: Term, text: str, found: bool) -> None:
    assert bool(occurring([term], text)) is found


@pytest.mark.parametrize(
    ("term", "translation", "honoured"),
    [
        (Term("invoice", "Rechnung"), "die Rechnungen", True),
        (Term("invoice", "Rechnung"), "die Faktura", False),
        (Term("board", "Vorstand der Gesellschaft"), "dem Vorstand der Gesellschaften", True),
        (Term("DocuBot", None), "mit DocuBot", True),
        (Term("DocuBot", None, True), "mit docubot", False),
        (Term("harbour", "港口"), "这个港口", True),
        (Term("harbour", "港口"), "这个码头", False),
    ],
)
def test_what_is_not_honoured_is_noticed(term: Term, translation: str, honoured: bool) -> None:
    assert missed([term], translation) == (() if honoured else (term.source,))


def test_the_table_comes_back_as_it_went() -> None:
    terms = (Term("a, b", 'say "x"'), Term("हिन्दी", "印地语", True), Term("DocuBot", None))
    assert from_csv(to_csv(terms)) == terms
    assert from_csv("\ufeffa,b\r\n\r\nc,c\n") == (Term("a", "b"), Term("c", None))


def test_terms_are_stored_in_one_spelling() -> None:
    assert clean(" cafe\u0301 ", "x") == Term("café", "x")
    for wrong in ("", "a\nb", "x" * 201):
        with pytest.raises(ValueError, match="term"):
            clean(wrong, None)


def test_what_is_remembered_depends_on_the_terms_alone() -> None:
    one, two = Term("a", "b"), Term("c", None)
    assert fingerprint([one, two]) == fingerprint([two, one]) != fingerprint([one])
    assert fingerprint([]) == ""

"""What is left of an answer when each sentence has to be supported."""

from app.logic.citations import Citer
from app.logic.evidence import read_evidence
from app.logic.reply import Reply
from app.logic.strict import Strict, supported_only
from tests.fakes.passages import passage

PASSAGES = (
    passage("Net revenues were $26.5 billion in 2018. The contract does not renew by itself."),
    passage("The office moved to Seattle in 1990.", chunk_id="other"),
)


def strict(said: str) -> Strict:
    citer = Citer(read_evidence(PASSAGES), "en")
    reply = Reply(citer.cite, citer.attribute)
    reply.feed(said)
    reply.finish()
    return supported_only(
        reply.text, reply.sentences, citer.cited, lambda item: citer.support(item.claim, item.numbers)
    )


def test_what_is_supported_stays_as_it_is() -> None:
    said = "Net revenues were $26.5 billion in 2018 [1]. The office moved to Seattle in 1990 [2]."
    made = strict(said)
    assert (made.text, made.removed) == (said, 0)


def test_wrong_numbers_turned_negations_and_inventions_go() -> None:
    made = strict(
        "Net revenues were $29.5 billion in 2018 [1]. The contract does renew by itself [1]. Ducks like bread. "
        "The office moved to Seattle in 1990 [2]."
    )
    assert made.text == "The office moved to Seattle in 1990 [1]."
    assert made.removed == 3
    assert [item.quote.text for item in made.cited] == ["The office moved to Seattle in 1990."]
    assert [(item.start, item.end, item.numbers) for item in made.sentences] == [(0, len(made.text), (1,))]


def test_a_lead_in_stays_with_what_it_leads_to() -> None:
    assert strict("The report says:\nThe office moved to Seattle in 1990 [2].").removed == 0
    made = strict("The report says:\nNet revenues were $29.5 billion in 2018 [1].")
    assert (made.text, made.cited, made.removed) == ("", (), 2)

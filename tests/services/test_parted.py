import pytest

from app.models.domain import Passage, SearchResult
from app.models.requests import SearchRequest
from app.services.parted import PartedSearch
from tests.fakes.passages import passage

pytestmark = pytest.mark.anyio

BOTH = "Who designed the bridge of Varna, and when was the harbour dug?"
BRIDGE = passage("Anna Lindqvist designed the bridge.", chunk_id="bridge", version_id="v1")
HARBOUR = passage("The harbour was dug in 1802.", chunk_id="harbour", version_id="v2")
TOWN = passage("Varna has a bridge and a harbour.", chunk_id="town", version_id="v3")


class Library:
    """Finds passages by a word of the question."""

    def __init__(self, found: dict[str, tuple[Passage, ...]]) -> None:
        self._found = found
        self.asked: list[str] = []

    async def search(self, request: SearchRequest) -> SearchResult:
        self.asked.append(request.question)
        passages = next((found for word, found in self._found.items() if word in request.question), ())
        return SearchResult(passages, None if passages else "no_match", timings={"total": float(len(self.asked))})


async def test_each_part_finds_its_own_passages_in_turn() -> None:
    library = Library({"bridge": (BRIDGE, TOWN), "harbour": (HARBOUR, TOWN)})
    result = await PartedSearch(library).search(SearchRequest(BOTH))
    assert library.asked == ["Who designed the bridge of Varna", "when was the harbour dug?"]
    assert result.passages == (BRIDGE, HARBOUR)
    assert result.timings == {"total": 2.0}


async def test_a_part_that_finds_nothing_hides_no_other() -> None:
    result = await PartedSearch(Library({"harbour": (HARBOUR, TOWN)})).search(SearchRequest(BOTH))
    assert result.passages == (HARBOUR, TOWN)
    assert result.reason is None


async def test_nothing_at_all_keeps_its_reason() -> None:
    result = await PartedSearch(Library({})).search(SearchRequest(BOTH))
    assert (result.passages, result.reason) == ((), "no_match")


async def test_one_question_is_one_search() -> None:
    library = Library({"bridge": (BRIDGE, TOWN)})
    assert (await PartedSearch(library).search(SearchRequest("Who designed the bridge?"))).passages == (BRIDGE, TOWN)
    assert library.asked == ["Who designed the bridge?"]

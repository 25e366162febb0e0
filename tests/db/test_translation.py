"""SQL of translation, on SQLite and on PostgreSQL."""

import asyncio

import pytest

from app.core.errors import GlossaryExists, GlossaryNotFound, TranslationNotFound
from app.core.ids import new_id
from app.db import glossaries, translated_files, translation_memory, translations, versions
from app.db.session import Database
from app.db.translation_memory import Entry
from app.models.translation import FailedSegment, MissedTerm, Report, Term, TranslationRequest
from tests.db.test_portable import make_version

pytestmark = pytest.mark.anyio
TERMS = (Term("हिन्दी", "印地语", True), Term("DocuBot", None))


def entry(key: str, target: str = "ترجمة", document_id: str | None = None) -> Entry:
    return Entry(key, "scope", document_id, "text", target)


async def test_the_first_translation_of_a_segment_stays(database: Database) -> None:
    async with database.write() as connection:
        await translation_memory.add(connection, [entry("a", "one"), entry("b")])
        await translation_memory.add(connection, [entry("b", "two"), entry("c"), entry("c", "three")])
        await translation_memory.add(connection, [])
        found = await translation_memory.find(connection, ["a", "b", "c", "d"] + [f"x{n}" for n in range(1000)])
        assert found == {"a": "one", "b": "ترجمة", "c": "three"}
        await translation_memory.replace(connection, entry("a", "better"))
        assert await translation_memory.find(connection, ["a"]) == {"a": "better"}


async def test_two_at_once_may_remember_the_same(database: Database) -> None:
    async def remember(numbers: range) -> None:
        async with database.write() as connection:
            await translation_memory.add(connection, [entry(f"k{number}") for number in numbers])
            await asyncio.sleep(0.01)

    await asyncio.gather(*(remember(range(n, n + 50)) for n in (0, 25, 10, 49)), remember(range(99, 0, -1)))
    async with database.read() as connection:
        assert len(await translation_memory.find(connection, [f"k{number}" for number in range(100)])) == 100


async def test_a_documents_entries_leave_with_it(database: Database) -> None:
    async with database.write() as connection:
        await translation_memory.add(
            connection, [entry("a", document_id="d1"), entry("b", document_id="d2"), entry("c")]
        )
        assert await translation_memory.forget_document(connection, "d1") == 1
        assert (await translation_memory.find(connection, ["a", "b", "c"])).keys() == {"b", "c"}


async def test_a_glossary_is_its_tenants_and_counts_its_versions(database: Database) -> None:
    async with database.write() as connection:
        made = await glossaries.add(connection, "t1", "契約", source="en", target=None, terms=TERMS)
        assert (made.terms, made.version) == (TERMS, 1)
        with pytest.raises(GlossaryExists):
            await glossaries.add(connection, "t1", "契約", source=None, target=None, terms=())
        await glossaries.add(connection, "t2", "契約", source=None, target=None, terms=())
        changed = await glossaries.change(connection, "t1", "契約", ())
        assert (changed.version, changed.source, changed.terms) == (2, "en", ())
        await glossaries.remove(connection, "t1", "契約")
        with pytest.raises(GlossaryNotFound):
            await glossaries.change(connection, "t1", "契約", ())
        assert [item.name for item in (await glossaries.listing(connection, "t2", None, 10)).items] == ["契約"]


async def test_two_at_once_make_one_glossary(database: Database) -> None:
    async def make() -> bool:
        try:
            async with database.write() as connection:
                await glossaries.add(connection, "", "one", source=None, target=None, terms=TERMS)
        except GlossaryExists:
            return False
        return True

    assert sorted(await asyncio.gather(*(make() for _ in range(5)))) == [False] * 4 + [True]


async def test_a_translation_comes_back_as_it_was_finished(database: Database) -> None:
    failed, missed = FailedSegment(3, 1, "港口", "echoed"), MissedTerm(0, None, "हिन्दी")
    report = Report(5, 2, 1, 1, 1, (failed,), (missed,))
    async with database.write() as connection:
        version = await make_version(connection)
        identity = await translations.add(
            connection,
            TranslationRequest("de", "en", "html", "契約", TERMS),
            document_id=version.document_id,
            version_id=version.id,
            filename="a.de.html",
            media_type="text/html",
        )
        await translations.assign(connection, identity, new_id())
        await translations.finish(connection, identity, report, sha256="f" * 64, size=7)
        found = await translations.by_id(connection, identity)
        assert (found.report, found.terms, found.bytes) == (report, TERMS, 7)
        assert await versions.uses_of(connection, "f" * 64) == 1
        assert "f" * 64 in await versions.hashes(connection)
        assert await translations.hashes_of_document(connection, version.document_id) == {"f" * 64}
        await translations.remove(connection, identity)
        with pytest.raises(TranslationNotFound):
            await translations.by_id(connection, identity)
        assert await versions.uses_of(connection, "f" * 64) == 0


async def test_a_translated_file_is_its_tenants_until_it_is_old(database: Database) -> None:
    async with database.write() as connection:
        made = await translated_files.add(
            connection, "t1", sha256="a" * 64, size=3, filename="अ.txt", media_type="text/plain"
        )
        assert (await translated_files.by_id(connection, "t1", made.id, hours=1)) == made
        with pytest.raises(TranslationNotFound):
            await translated_files.by_id(connection, "t2", made.id, hours=1)
        with pytest.raises(TranslationNotFound):
            await translated_files.by_id(connection, "t1", made.id, hours=-1)
        assert await translated_files.forget_old(connection, hours=1) == []
        assert await translated_files.forget_old(connection, hours=-1) == ["a" * 64]
        with pytest.raises(TranslationNotFound):
            await translated_files.by_id(connection, "t1", made.id, hours=1)

"""One collection's tantivy index: a folder, at most one writer, a searcher. Synchronous; one write at a time."""

import logging
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tantivy import Document, Index, IndexWriter, Occur, Query, Schema, SchemaBuilder

from app.adapters.keywords.fields import (
    BODY,
    BODY_STEMS,
    CONTEXT,
    CONTEXT_STEMS,
    FORMAT,
    WEIGHTS,
    by_field,
    fields_of,
    weighted,
)
from app.adapters.keywords.tantivy_files import intact
from app.core.errors import StorageUnavailable
from app.models.domain import Hit, KeywordEntry, KeywordQuery

logger = logging.getLogger(__name__)

_WIDE = 1000
"""A filter of more documents is slower within the query (2 ms a thousand) than after it, unless it passes little."""
_HEAP = 15_000_000
"""Bytes, tantivy's least for one thread; a larger one did not index faster here."""


def _schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_bytes_field("chunk_id", stored=True)
    builder.add_text_field("version_id", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_text_field("document_id", tokenizer_name="raw", index_option="basic", stored=True)
    for field, option in ((BODY, "position"), (BODY_STEMS, "freq"), (CONTEXT, "position"), (CONTEXT_STEMS, "freq")):
        builder.add_text_field(field, tokenizer_name="whitespace", index_option=option)
    return builder.build()


def _format_of(path: Path) -> str | None:
    marker = path / "format"
    return marker.read_text(encoding="utf-8", errors="replace") if marker.exists() else None


def _empty(path: Path) -> None:
    logger.warning("keyword index is damaged or of another format: emptied", extra={"path": str(path)})
    shutil.rmtree(path)


def _opened(path: Path, schema: Schema) -> Index:
    path.mkdir(parents=True, exist_ok=True)
    index = Index(schema, str(path))
    (path / "format").write_text(FORMAT, encoding="utf-8")
    index.config_reader("manual")
    index.reload()
    return index


class TantivyFolder:
    """An open index. One that is damaged, or of another format, is replaced by an empty one at opening."""

    def __init__(self, path: Path) -> None:
        self._schema = _schema()
        self._writer: IndexWriter | None = None
        if path.exists() and not (_format_of(path) == FORMAT and intact(path)):
            _empty(path)
        try:
            self._index = _opened(path, self._schema)
        except ValueError:  # one of tantivy's own notes, which have no checksum
            _empty(path)
            self._index = _opened(path, self._schema)

    def replace(self, version_id: str, entries: Sequence[KeywordEntry]) -> None:
        with self._transaction() as writer:
            writer.delete_documents_by_term("version_id", version_id)
            for entry in entries:
                writer.add_document(self._document(entry))

    def add(self, entries: Sequence[KeywordEntry]) -> None:
        with self._transaction() as writer:
            for entry in entries:
                writer.add_document(self._document(entry))

    def remove(self, version_ids: Sequence[str]) -> None:
        with self._transaction() as writer:
            for version_id in version_ids:
                writer.delete_documents_by_term("version_id", version_id)

    def search(self, query: KeywordQuery, k: int, document_ids: frozenset[str] | None) -> list[Hit]:
        if document_ids is not None and len(document_ids) > _WIDE:
            for depth in (4 * k, 16 * k):
                found = self._found(query, depth, None)
                allowed = [hit for hit, document_id in found if document_id in document_ids][:k]
                if len(allowed) == k or len(found) < depth:
                    return allowed
        return [hit for hit, _ in self._found(query, k, document_ids)]

    def counts(self) -> dict[str, int]:
        searcher = self._index.searcher()
        if not searcher.num_docs:
            return {}
        buckets = {"versions": {"terms": {"field": "version_id", "size": searcher.num_docs}}}
        result = searcher.aggregate(Query.all_query(), buckets)
        return {bucket["key"]: int(bucket["doc_count"]) for bucket in result["versions"]["buckets"]}

    def rest(self) -> None:
        """Let merges end, then free the writer's lock, threads and memory; the next write opens another."""
        writer, self._writer = self._writer, None
        if writer:
            writer.wait_merging_threads()

    @contextmanager
    def _transaction(self) -> Iterator[IndexWriter]:
        """Commit at the end; after a failure the writer goes, and with it all that was not committed."""
        if self._writer is None:
            self._writer = self._index.writer(_HEAP, 1)
        try:
            yield self._writer
            self._writer.commit()
        except BaseException as error:
            with suppress(ValueError):  # the failed writer says so again, but lets go of its lock
                self.rest()
            if isinstance(error, (OSError, ValueError)):  # tantivy tells of a full disk by ValueError
                raise StorageUnavailable from error
            raise
        self._index.reload()

    def _document(self, entry: KeywordEntry) -> Document:
        fields = {field: " ".join(tokens) for field, tokens in by_field(entry.body, entry.context).items()}
        ids = {"chunk_id": entry.chunk_id.encode(), "version_id": entry.version_id, "document_id": entry.document_id}
        return Document.from_dict(ids | fields, self._schema)

    def _found(self, query: KeywordQuery, k: int, document_ids: frozenset[str] | None) -> list[tuple[Hit, str]]:
        """Hits with their documents' ids."""
        searcher = self._index.searcher()
        result = searcher.search(self._query(query, document_ids), limit=k, count=False)
        hits = ((score, searcher.doc(address)) for score, address in result.hits)
        return [(Hit(bytes(stored["chunk_id"][0]).decode(), score), stored["document_id"][0]) for score, stored in hits]

    def _query(self, query: KeywordQuery, document_ids: frozenset[str] | None) -> Query:
        """Any term may match; each phrase must, in the text or in its context; so must the document."""
        clauses = [
            (
                Occur.Should,
                Query.boost_query(Query.term_query(self._schema, field, term, "freq"), WEIGHTS[field] * weight),
            )
            for term, weight in weighted(query)
            for field in fields_of(term)
        ]
        clauses += [
            (Occur.Should, Query.boost_query(self._phrase(field, phrase), WEIGHTS[field]))
            for phrase in query.preferred
            for field in (BODY, CONTEXT)
        ]
        must = [
            Query.boolean_query([(Occur.Should, self._phrase(field, phrase)) for field in (BODY, CONTEXT)])
            for phrase in query.phrases
        ]
        if document_ids is not None:
            if clauses and not must:
                must, clauses = [Query.boolean_query(clauses)], []
            documents = Query.term_set_query(self._schema, "document_id", sorted(document_ids))
            must.append(Query.const_score_query(documents, 0.0))
        return Query.boolean_query([(Occur.Must, query) for query in must] + clauses)

    def _phrase(self, field: str, words: Sequence[str]) -> Query:
        if len(words) == 1:
            return Query.term_query(self._schema, field, words[0], "freq")
        return Query.phrase_query(self._schema, field, list(words))

"""The documents that cases are asked of: files of a folder, or passages of a JSONL file put together to articles."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from app.evaluation.dataset import Case, DatasetError, read_records, wrong

PASSAGES = "passages.jsonl"
FOLDER = "documents"


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """One document; its bytes are in a file, or in `text`."""

    name: str
    path: Path | None = None
    text: str = ""

    def pieces(self, size: int = 1 << 20) -> Iterator[bytes]:
        """Its bytes. Raises DatasetError."""
        if self.path is None:
            yield self.text.encode()
            return
        try:
            with self.path.open("rb") as file:
                while piece := file.read(size):
                    yield piece
        except OSError as error:
            raise DatasetError(f"{self.path} cannot be read: {error.strerror}.") from None


@dataclass(frozen=True, slots=True)
class Corpus:
    files: tuple[CorpusFile, ...]
    passages: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Of each passage's id: the document that it became part of, and its text."""

    def placed(self, cases: Sequence[Case], source: Path) -> list[Case]:
        """The cases with the names that documents have here; a passage becomes its document and a quote.

        Raises DatasetError for a document that is not there.
        """
        names = {file.name: file.name for file in self.files}
        last: dict[str, list[str]] = defaultdict(list)
        for name in names:
            last[name.rpartition("/")[2]].append(name)
        names |= {short: found[0] for short, found in last.items() if len(found) == 1}
        return [self._placed(case, names, source) for case in cases]

    def _placed(self, case: Case, names: Mapping[str, str], source: Path) -> Case:
        if case.document is None:
            return case
        if case.document in self.passages:
            document, text = self.passages[case.document]
            quotes = case.quotes or ((text,) if case.answerable else ())
            return replace(case, document=document, quotes=quotes)
        if case.document in names:
            return replace(case, document=names[case.document])
        near = get_close_matches(case.document, [*names, *self.passages], 1)
        hint = f"; did you mean {near[0]!r}" if near else ""
        raise wrong(source, case.line, "document", f"there is no document {case.document!r} to ask{hint}")


def find_documents(dataset: Path) -> Path | None:
    """Where the documents of a set lie if nobody says so: `documents/` or `passages.jsonl` beside its questions."""
    folder = dataset if dataset.is_dir() else dataset.parent
    return next((place for place in (folder / FOLDER, folder / PASSAGES) if place.exists()), None)


def read_corpus(place: Path) -> Corpus:
    """Every file below a folder, one file, or the passages of a JSONL file. Raises DatasetError."""
    if place.is_file() and place.suffix == ".jsonl":
        return _articles(place)
    paths = [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.is_file())
    root = place.parent if place.is_file() else place
    shown = [(path, path.relative_to(root).as_posix()) for path in paths]
    files = [CorpusFile(_nfc(name), path) for path, name in shown if not any(p[0] == "." for p in name.split("/"))]
    if not files:
        raise DatasetError(f"{place} has no documents. Name a folder of files, or a {PASSAGES}, with --documents.")
    return Corpus(tuple(files))


def _articles(file: Path) -> Corpus:
    """Passages `{id, title, text}`; those of one title are one document, in their order."""
    texts: dict[str, list[str]] = defaultdict(list)
    passages: dict[str, tuple[str, str]] = {}
    for line, record in read_records(file):
        for name in ("id", "text"):
            if not isinstance(record.get(name), str) or not record[name].strip():
                raise wrong(file, line, name, "must be text that is not empty")
        title = record.get("title") or record["id"]
        if not isinstance(title, str):
            raise wrong(file, line, "title", "must be text")
        document = f"{title.replace('/', '-')}.md"
        if record["id"] in passages:
            raise wrong(file, line, "id", f"{record['id']!r} stands there twice")
        texts[document].append(record["text"].strip())
        passages[record["id"]] = (document, record["text"].strip())
    if not passages:
        raise DatasetError(f"{file} has no passages.")
    headed = {name: "\n\n".join((f"# {name.removesuffix('.md')}", *parts)) for name, parts in texts.items()}
    return Corpus(tuple(CorpusFile(name, text=text) for name, text in headed.items()), passages)


def _nfc(name: str) -> str:
    """File systems spell names in other normal forms than people do."""
    return unicodedata.normalize("NFC", name)

"""Presentations: slides, their notes, charts and diagrams with other text; everything else as it was."""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from app.adapters.parsers.originals.alignments import Alignments
from app.adapters.parsers.originals.drawing import drawn, rewrite_drawn, set_drawn_tables, tag, turn_drawn
from app.adapters.parsers.originals.package import Package
from app.adapters.parsers.originals.paragraph import Paragraph
from app.core.errors import UnreadableDocument
from app.logic.translation_masks import is_worded
from app.logic.translation_signs import MOST_SIGNS, SIGN, plain
from app.models.domain import Source
from app.models.originals import Misfit, Setting, Unit

_MAIN = "ppt/presentation.xml"
_SHOWN = re.compile(r"ppt/(?:notesSlides/notesSlide\d+|charts/chart\w+|diagrams/(?:data|drawing)\w+)\.xml")
_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SLIDE_ID = "{http://schemas.openxmlformats.org/presentationml/2006/main}sldId"
_FEW_DEEP = 2
"""Parts of parts: a slide has a chart, a chart has drawings."""


class Original:
    def __init__(self, source: Source) -> None:
        """Raises UnreadableDocument, DocumentTooLarge."""
        self._package = Package(source)
        if _MAIN not in self._package.names:
            raise UnreadableDocument
        self._trees: dict[str, Any] = {}

    def units(self) -> Iterable[Unit]:
        return (Unit(number, paragraph.text) for _, number, paragraph in self._paragraphs())

    def write(self, texts: Mapping[int, str], setting: Setting, put: Callable[[bytes], None]) -> Iterable[Misfit]:
        changed = set()
        alignments = Alignments(self._tree, self._related)
        for index, (name, _, paragraph) in enumerate(list(self._paragraphs())):
            if index in texts:
                changed.add(name)
                rewrite_drawn(paragraph, texts[index], setting, alignments.of(name, paragraph.node))
        for name in changed:
            set_drawn_tables(self._trees[name], setting)
            for node in self._trees[name].iter(tag("p")):
                if not is_worded("".join(text.text or "" for text in node.iter(tag("t")))):
                    turn_drawn(node, setting, alignments.of(name, node))  # figures run with the words beside them
        self._package.write({name: self._trees[name] for name in changed}, put)
        return ()

    def _paragraphs(self) -> Iterator[tuple[str, int, Paragraph]]:
        """Those with words, slide by slide, by their part and slide."""
        seen: set[str] = set()
        related = self._related(_MAIN)
        listed = [related.get(node.get(_RELATIONS)) for node in self._tree(_MAIN).iter(_SLIDE_ID)]
        for number, slide in enumerate(listed, 1):
            if slide is None:
                continue
            for name in [slide, *self._below(slide, _FEW_DEEP)]:
                if name in seen:
                    continue
                seen.add(name)
                for paragraph in drawn(self._tree(name)):
                    if is_worded(plain(paragraph.text)) and len(SIGN.findall(paragraph.text)) <= MOST_SIGNS:
                        yield name, number, paragraph

    def _below(self, name: str, depth: int) -> Iterator[str]:
        for other in self._related(name).values():
            if _SHOWN.fullmatch(other):
                yield other
                if depth:
                    yield from self._below(other, depth - 1)

    def _related(self, name: str) -> dict[str, str]:
        """The parts that a part refers to, by the id of the reference."""
        folder, base = posixpath.split(name)
        listing = f"{folder}/_rels/{base}.rels"
        if listing not in self._package.names:
            return {}
        found = {}
        for relation in self._package.tree(listing):
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
            if relation.get("TargetMode") != "External" and target in self._package.names:
                found[relation.get("Id", "")] = target
        return found

    def _tree(self, name: str) -> Any:
        if name not in self._trees:
            self._trees[name] = self._package.tree(name)
        return self._trees[name]

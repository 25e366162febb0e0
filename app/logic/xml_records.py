"""What an XML file tells, record by record, with the path to each element: no schema, so that any will do.

An element with nothing but text is a value of the one around it; one that mixes text and elements is a paragraph, and
so is such a value; every other one is a record of its values. Records come in the order in which the file has them.
"""

from collections import Counter
from dataclasses import dataclass, field

from app.logic.records import Record

_HELD = 200
"""Values of one element, at most, before they are told."""


@dataclass(slots=True)
class _Open:
    """An element that has begun."""

    name: str
    path: tuple[str, ...]
    attributes: list[tuple[str, str]]
    text: list[str] = field(default_factory=list)
    fields: list[tuple[str, str]] = field(default_factory=list)
    said: bool = False
    """Whether it has text of its own."""
    has_elements: bool = False
    seen: Counter[str] = field(default_factory=Counter)


class XmlRecords:
    """Told of each element by an XML parser; `take` gives what is complete."""

    def __init__(self) -> None:
        self.title: str | None = None
        self._open: list[_Open] = []
        self._found: list[Record] = []

    def take(self) -> list[Record]:
        found, self._found = self._found, []
        return found

    def start(self, name: str, attributes: dict[str, str]) -> None:
        step = f"/{name}"
        path: tuple[str, ...] = ()
        if self._open:
            around = self._open[-1]
            around.has_elements = True
            around.seen[name] += 1
            step, path = f"/{name}[{around.seen[name]}]", around.path
        told = [(key, value) for key, value in attributes.items() if not key.startswith(("xmlns", "xml:", "xsi:"))]
        self._open.append(_Open(name, (*path, step), told))

    def text(self, data: str) -> None:
        if self._open:
            self._open[-1].text.append(data)
            self._open[-1].said = self._open[-1].said or not data.isspace()

    def end(self, name: str) -> None:
        ended = self._open.pop()
        bare = not ended.said and bool(ended.attributes) and not (self._open and self._open[-1].said)
        if (ended.has_elements and not ended.said) or bare:
            ended.fields = [*ended.attributes, *ended.fields]
            self._tell(ended)
            if self._open and not self._open[-1].said:
                self._open[-1].text.clear()
            return
        content = "".join(ended.text)
        attributes = [(f"{ended.name}@{key}", value) for key, value in ended.attributes]
        if not self._open:
            self._found.append(Record(ended.path, ((ended.name, content), *attributes)))
            return
        self._into(self._open[-1], ended, content, attributes)

    def _into(self, around: _Open, ended: _Open, content: str, attributes: list[tuple[str, str]]) -> None:
        """A value for the element around; within a text it is a part of the text."""
        around.text.append(content)
        if not around.said:
            around.fields += [(ended.name, content), *attributes]
        if ended.name == "title" and self.title is None and content.strip():
            self.title = content
        if len(around.fields) > _HELD:
            self._tell(around)

    def _tell(self, element: _Open) -> None:
        """What is known of it and, before that, of the elements around it."""
        for one in (*self._open, element):
            if one.fields and not one.said:
                if one is not element:
                    one.fields, one.attributes = [*one.attributes, *one.fields], []
                self._found.append(Record(one.path, tuple(one.fields)))
                one.fields = []
                one.text.clear()

"""Text of an RTF file as it arrives, put together as paragraphs and tables."""

from collections.abc import Iterable, Iterator

from app.logic.flow import Element, heading, item, table, text

_MOST_COLUMNS = 100


def joined(pieces: Iterable[str]) -> str:
    """The pieces as one text; characters beyond the first plane come as two halves."""
    content = "".join(pieces)
    return content.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class Flow:
    """`take` gives the elements that are complete; rows wait until something follows their table."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._row: list[str] = []
        self._rows: list[list[str]] = []
        self._found: list[Element] = []

    def take(self) -> list[Element]:
        found, self._found = self._found, []
        return found

    def finish(self) -> Iterator[Element]:
        """The rest."""
        self.end_paragraph()
        yield from self._with_table()
        yield from self.take()

    def say(self, content: str) -> None:
        self._text.append(content)

    def beside(self, element: Element) -> None:
        """What stands beside the flow: a note, a running header."""
        if element.text.strip():
            self._found.append(element)

    def end_paragraph(self, *, level: int = 0, in_table: bool = False, listed: bool = False) -> None:
        if in_table:
            self._text.append("\n")
            return
        content = joined(self._text)
        self._text.clear()
        if content.strip():
            self._found += self._with_table()
            make = item if listed else text
            self._found.append(heading(content, level) if level else make(content))

    def end_cell(self) -> None:
        if len(self._row) < _MOST_COLUMNS:
            self._row.append(joined(self._text))
        self._text.clear()

    def end_row(self) -> None:
        if self._row:
            self._rows.append(self._row)
            self._row = []

    def _with_table(self) -> list[Element]:
        """The table that has ended, if there is one; one of a single column is a frame."""
        self.end_row()
        rows, self._rows = self._rows, []
        if all(len(row) < 2 for row in rows):
            return [text(cell) for row in rows for cell in row if cell.strip()]
        return [table(rows)]

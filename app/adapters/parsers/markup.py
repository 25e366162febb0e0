"""What is read of HTML: headings, paragraphs, lists and tables, and nothing that a reader does not see."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from app.logic.flow import Element, heading, item, table, text

_UNREAD = frozenset(
    {"script", "style", "nav", "noscript", "template", "head", "svg", "iframe", "object", "canvas", "audio", "video"}
    | {"select", "button", "textarea", "-comment"}
)
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl"}
    | {"dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"}
    | {"hgroup", "html", "legend", "li", "main", "ol", "p", "pre", "search", "section", "summary", "table", "tbody"}
    | {"tfoot", "thead", "tr", "td", "th", "ul"}
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LAYOUT = "table table, h1, h2, h3, h4, h5, h6, ul, ol, form"
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MOST_COLUMNS = 100


def parse(html: str) -> tuple[str | None, Iterator[Element]]:
    """The page's title, and its elements in order."""
    tree = LexborHTMLParser(html)
    title = tree.css_first("title")
    name = _BLANKS.sub(" ", title.text()).strip() if title is not None else ""
    return name or None, _elements(tree)


def _elements(tree: LexborHTMLParser) -> Iterator[Element]:
    """`tree` is held on to here: its nodes do not outlive it."""
    if tree.body is None:
        return
    reading = _Reading()
    for node, entering in _walk(tree.body):
        if entering:
            reading.enter(node)
        else:
            reading.leave(node.tag or "")
        yield from reading.found
        reading.found.clear()
    reading.flush()
    yield from reading.found


def _walk(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Each node when it begins and when it ends, without what is not read; never by recursion."""
    node: LexborNode | None = root
    while node is not None:
        yield node, True
        below = node.child if _is_read(node) else None
        while below is None and node is not None:
            yield node, False
            below = node.next if node.mem_id != root.mem_id else None
            node = node.parent if node.mem_id != root.mem_id else None
        node = below


def _is_read(node: LexborNode) -> bool:
    if node.tag in _UNREAD:
        return False
    attributes = node.attributes
    return not attributes or not (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or _HIDDEN.search(attributes.get("style") or "")
    )


class _Reading:
    """The state of the walk: the text since a block last began or ended, and the table that it is in."""

    def __init__(self) -> None:
        self.found: list[Element] = []
        self._pieces: list[str] = []
        self._level = 0
        self._in_item = False
        self._preformatted = 0
        self._rows: list[list[str]] | None = None
        self._span = 1

    def enter(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == "-text":
            content = node.text_content or ""
            self._pieces.append(content if self._preformatted else _BLANKS.sub(" ", content))
        elif tag == "br":
            self._pieces.append("\n")
        elif self._rows is not None:
            self._enter_in_table(tag, node, self._rows)
        elif tag in _BLOCKS:
            self.flush()
            self._level = _HEADINGS.get(tag, 0)
            self._in_item = tag == "li" or (self._in_item and tag == "p")
            self._preformatted += tag == "pre"
            if tag == "table" and node.css_first(_LAYOUT) is None:
                self._rows = []

    def _enter_in_table(self, tag: str, node: LexborNode, rows: list[list[str]]) -> None:
        if tag == "tr":
            rows.append([])
        elif tag in ("td", "th"):
            self._pieces.clear()
            self._span = _span(node.attributes.get("colspan"))
        elif tag in _BLOCKS:
            self._pieces.append(" ")

    def leave(self, tag: str) -> None:
        if self._rows is None:
            if tag in _BLOCKS:
                self.flush()
                self._level = 0
                self._preformatted -= tag == "pre"
        elif tag in ("td", "th"):
            if self._rows:
                self._rows[-1] += ["".join(self._pieces), *[""] * (self._span - 1)]
            self._pieces.clear()
        elif tag == "caption":
            self.found.append(text("".join(self._pieces)))
            self._pieces.clear()
        elif tag == "table":
            self.found += _told(self._rows)
            self._rows = None
            self._pieces.clear()

    def flush(self) -> None:
        """End the block that is being read."""
        content = "".join(self._pieces)
        self._pieces.clear()
        if content.strip():
            make = item if self._in_item else text
            self.found.append(heading(content, self._level) if self._level else make(content))


def _told(rows: list[list[str]]) -> Iterator[Element]:
    """A table of one column is a frame."""
    if all(len(row) < 2 for row in rows):
        yield from (text(cell) for row in rows for cell in row)
    else:
        yield table(rows)


def _span(columns: str | None) -> int:
    digits = (columns or "").strip()
    return max(1, min(int(digits), _MOST_COLUMNS)) if digits.isdecimal() and len(digits) < 6 else 1

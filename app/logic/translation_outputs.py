"""A translated outline as Markdown, as HTML, or as HTML beside its source. Text of documents never becomes markup."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.logic import translation_languages as languages
from app.logic.translation_pages import Piece
from app.models.domain import BlockKind
from app.models.translation import AlignedBlock, AlignedCell, AlignedPage, Template


@dataclass(frozen=True, slots=True)
class Said:
    """What stands in a segment's place; `failed`: it is not translated."""

    text: str
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a document is written from."""

    pieces: tuple[Piece, ...]
    said: Mapping[int, Said]
    """By the index of the segment, as `segments` counts them."""
    title: str
    source: str | None
    target: str


def to_markdown(sheet: Sheet) -> str:
    lines: list[str] = []
    for page, pieces in _by_page(sheet.pieces):
        lines.append(f'<a id="page-{page}"></a>')
        lines += [text for piece, cells in _filled(sheet, pieces) if (text := _markdown(piece, cells))]
    return "\n\n".join(lines) + "\n"


def to_html(sheet: Sheet) -> str:
    body = []
    for page, pieces in _by_page(sheet.pieces):
        inner = "\n".join(_html(piece, cells) for piece, cells in _filled(sheet, pieces))
        body.append(f'<section id="page-{page}">\n{inner}\n</section>')
    return _document(sheet, "\n".join(body), _attributes(sheet.target))


def to_bilingual_html(sheet: Sheet) -> str:
    """Source and translation side by side, aligned by paragraph."""
    rows = []
    for page, pieces in _by_page(sheet.pieces):
        anchor = f' id="page-{page}"'
        for piece, cells in _filled(sheet, pieces):
            original = [[_originally(cell) for cell in row] for row in piece.rows]
            left, right = _html(piece, original), _html(piece, cells)
            source = _attributes(sheet.source) if sheet.source else ""
            rows.append(f"<tr{anchor}><td{source}>{left}</td><td{_attributes(sheet.target)}>{right}</td></tr>")
            anchor = ""
    return _document(sheet, '<table class="bilingual">\n' + "\n".join(rows) + "\n</table>", "")


def aligned(sheet: Sheet) -> tuple[AlignedPage, ...]:
    """Source and translation as plain text, block by block, for whoever lays them out by itself."""
    return tuple(
        AlignedPage(page, tuple(_aligned(sheet, piece) for piece in pieces)) for page, pieces in _by_page(sheet.pieces)
    )


def _aligned(sheet: Sheet, piece: Piece) -> AlignedBlock:
    index = piece.first
    rows = []
    for row in piece.rows:
        cells = []
        for cell in row:
            said = [sheet.said[index + number] for number in range(len(cell.segments))]
            index += len(said)
            put = iter(said)
            cells.append(
                AlignedCell(
                    source="".join(part if isinstance(part, str) else part.raw for part in cell.parts),
                    target="".join(part if isinstance(part, str) else next(put).text for part in cell.parts),
                    failed=any(one.failed for one in said),
                )
            )
        rows.append(tuple(cells))
    return AlignedBlock(piece.kind, tuple(rows), piece.level, piece.mark)


def _by_page(pieces: Iterable[Piece]) -> Iterator[tuple[int, list[Piece]]]:
    found: dict[int, list[Piece]] = {}
    for piece in pieces:
        found.setdefault(piece.page, []).append(piece)
    yield from found.items()


def _filled(sheet: Sheet, pieces: Sequence[Piece]) -> Iterator[tuple[Piece, list[list[str]]]]:
    """Each piece with its cells' translations as HTML: what failed stands in <mark>."""
    for piece in pieces:
        index = piece.first
        rows = []
        for row in piece.rows:
            cells = []
            for cell in row:
                put = ""
                for part in cell.parts:
                    if isinstance(part, str):
                        put += html.escape(part, quote=False)
                    else:
                        put += _marked(sheet.said[index])
                        index += 1
                cells.append(put)
            rows.append(cells)
        yield piece, rows


def _marked(said: Said) -> str:
    text = html.escape(said.text, quote=False)
    return f'<mark class="untranslated">{text}</mark>' if said.failed else text


def _originally(cell: Template) -> str:
    return html.escape("".join(part if isinstance(part, str) else part.raw for part in cell.parts), quote=False)


def _markdown(piece: Piece, rows: list[list[str]]) -> str:
    if piece.kind is BlockKind.TABLE:
        width = max(map(len, rows), default=0)
        lines = [
            "| " + " | ".join(cell.replace("|", "\\|") for cell in [*row, *[""] * (width - len(row))]) + " |"
            for row in rows
        ]
        return "\n".join([*lines[:1], "|" + " --- |" * width, *lines[1:]])
    text = rows[0][0]
    if piece.kind is BlockKind.HEADING:
        return f"{'#' * max(1, piece.level)} {text}"
    if piece.mark:
        return f"{piece.mark if piece.mark[-1] in '.)' else '-'} {text}"
    return re.sub(r"^([#>+*-]|\d+[.)])(?=\s)", r"\\\1", text)


def _html(piece: Piece, rows: list[list[str]]) -> str:
    if piece.kind is BlockKind.TABLE:
        lines = ["<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows]
        return "<table>\n" + "\n".join(lines) + "\n</table>"
    if piece.kind is BlockKind.HEADING:
        level = max(1, piece.level)
        return f"<h{level}>{rows[0][0]}</h{level}>"
    mark = f"{html.escape(piece.mark)} " if piece.mark else ""
    return f"<p>{mark}{rows[0][0]}</p>"


def _attributes(code: str | None) -> str:
    if code is None:
        return ""
    return f' lang="{code}" dir="{"rtl" if languages.right_to_left(code) else "ltr"}"'


_STYLE = (
    "body{font-family:system-ui,sans-serif;line-height:1.5;max-width:72rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse}td{border:1px solid #bbb;padding:.3rem .5rem;vertical-align:top}"
    ".bilingual{width:100%;table-layout:fixed}mark.untranslated{background:#fd6}"
)


def _document(sheet: Sheet, body: str, attributes: str) -> str:
    return (
        f'<!doctype html>\n<html{attributes}>\n<head>\n<meta charset="utf-8">\n'
        f"<title>{html.escape(sheet.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )

"""PowerPoint presentations (PPTX): a unit a slide, with its tables, charts, diagrams and speaker's notes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.exc import PythonPptxError
from pptx.shapes.group import GroupShape
from pptx.slide import Slide

from app.adapters.parsers.archive import Archive
from app.core.errors import EmptyFile, UnreadableDocument
from app.logic.flow import Element, first_heading, furniture, heading, item, table, text, unit
from app.models.domain import BlockKind, DocumentInfo, Locator, Page, ParseEvent, Source

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_PARAGRAPH, _TEXT = _DRAWING + "p", _DRAWING + "t"
_DIAGRAM_IDS = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_DIAGRAM_DATA = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm"
_LISTS = frozenset({PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY})
_TITLES = frozenset({PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.VERTICAL_TITLE})
_RUNNING = frozenset({PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.HEADER, PP_PLACEHOLDER.SLIDE_NUMBER})


def read(source: Source) -> Iterator[ParseEvent]:
    """One DocumentInfo, then the slides. Raises EmptyFile, UnreadableDocument, DocumentTooLarge."""
    try:
        presentation = Presentation(Archive(source.path).slim())
        pages = [_page(number, slide) for number, slide in enumerate(presentation.slides, 1)]
        title = presentation.core_properties.title
    except (PythonPptxError, etree.XMLSyntaxError, KeyError, ValueError) as error:
        raise UnreadableDocument from error
    if not any(page.text for page in pages):
        raise EmptyFile("The slides hold no text.")
    yield DocumentInfo(len(pages), "pptx", first_heading(pages[:1]) or title)
    yield from pages


def _page(number: int, slide: Slide) -> Page:
    shapes = list(slide.shapes)
    title = slide.shapes.title
    elements = [element for shape in shapes for element in _shape(shape)]
    if title is not None:  # wherever it was drawn, it is read first
        elements.sort(key=lambda element: element.kind is not BlockKind.HEADING)
    page = unit(number, [*elements, *_notes(slide)], Locator("slide", str(number)))
    return page if page.text else replace(page, has_text_layer=False)


def _shape(shape: Any) -> Iterator[Element]:
    if isinstance(shape, GroupShape):
        for inner in shape.shapes:
            yield from _shape(inner)
    elif shape.has_table:
        yield table([cell.text for cell in row.cells] for row in shape.table.rows)
    elif shape.has_chart:
        yield from _chart(shape.chart)
    elif shape.has_text_frame:
        yield from _framed(shape)
    else:
        yield from _diagram(shape)


def _framed(shape: Any) -> Iterator[Element]:
    role = shape.placeholder_format.type if shape.is_placeholder else None
    paragraphs = [one.text for one in shape.text_frame.paragraphs if one.text.strip()]
    if role in _TITLES:
        yield heading(" ".join(paragraphs), 1)
    elif role in _RUNNING:
        yield furniture("\n".join(paragraphs))
    else:
        listed = role in _LISTS and len(paragraphs) > 1
        yield from (item(one) if listed else text(one) for one in paragraphs)


def _chart(chart: Any) -> Iterator[Element]:
    """The figures that a chart was drawn from, a row a category."""
    if chart.has_title and chart.chart_title.has_text_frame:
        yield text(chart.chart_title.text_frame.text)
    for plot in chart.plots:
        series = list(plot.series)
        rows = [
            [str(label), *(_figure(one.values, index) for one in series)] for index, label in enumerate(plot.categories)
        ]
        yield table([["", *(one.name for one in series)], *rows])


def _figure(values: Sequence[float | None], index: int) -> str:
    value = values[index] if index < len(values) else None
    return "" if value is None else f"{value:.15g}"


def _diagram(shape: Any) -> Iterator[Element]:
    """SmartArt keeps its text in a part of its own."""
    for ids in shape._element.iter(_DIAGRAM_IDS):
        part = shape.part.related_part(ids.get(_DIAGRAM_DATA))
        root = etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
        for point in root.iter(_PARAGRAPH):
            yield item("".join(run.text or "" for run in point.iter(_TEXT)))


def _notes(slide: Slide) -> Iterator[Element]:
    if slide.has_notes_slide and (frame := slide.notes_slide.notes_text_frame) is not None:
        yield from (text(one.text) for one in frame.paragraphs)

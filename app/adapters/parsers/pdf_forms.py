"""What people wrote on a PDF, in form fields and text boxes: no page content, so that text extraction misses it."""

import ctypes
from collections.abc import Callable, Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as pdf

from app.logic.pagetext import clean

Field = tuple[str, tuple[float, float, float, float]]
"""`label: value`, and where it stands in PDF user space: left, bottom, right, top."""

_MOST_FIELDS = 2000
_TICKED = frozenset((pdf.FPDF_FORMFIELD_CHECKBOX, pdf.FPDF_FORMFIELD_RADIOBUTTON))
_WRITTEN = frozenset((pdf.FPDF_FORMFIELD_TEXTFIELD, pdf.FPDF_FORMFIELD_COMBOBOX, pdf.FPDF_FORMFIELD_LISTBOX))
_WideText = ctypes.POINTER(pdf.FPDF_WCHAR)


def filled_fields(document: pdfium.PdfDocument, page: pdf.FPDF_PAGE) -> Iterator[Field]:
    """Every field of a page that holds a value, and every text box.

    Of boxes to tick, those that are ticked, with what they stand for.
    """
    for index in range(min(_MOST_FIELDS, pdf.FPDFPage_GetAnnotCount(page))):
        annotation = pdf.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            line = _line(document.formenv, annotation)
            if line:
                rect = pdf.FS_RECTF()
                pdf.FPDFAnnot_GetRect(annotation, ctypes.byref(rect))
                yield line, (rect.left, rect.bottom, rect.right, rect.top)
        finally:
            pdf.FPDFPage_CloseAnnot(annotation)


def _line(form: pdfium.PdfFormEnv | None, annotation: pdf.FPDF_ANNOTATION) -> str:
    kind = pdf.FPDFAnnot_GetSubtype(annotation)
    if kind == pdf.FPDF_ANNOT_FREETEXT:
        return _text(pdf.FPDFAnnot_GetStringValue, annotation, b"Contents")
    if kind != pdf.FPDF_ANNOT_WIDGET or form is None:
        return ""
    value = _value(form, annotation)
    return ": ".join(filter(None, (_label(form, annotation), value))) if value else ""


def _value(form: pdfium.PdfFormEnv, annotation: pdf.FPDF_ANNOTATION) -> str:
    kind = pdf.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in _WRITTEN:
        return _text(pdf.FPDFAnnot_GetFormFieldValue, form, annotation)
    if kind in _TICKED and pdf.FPDFAnnot_IsChecked(form, annotation):
        return _text(pdf.FPDFAnnot_GetFormFieldExportValue, form, annotation) or "\u2612"
    return ""


def _label(form: pdfium.PdfFormEnv, annotation: pdf.FPDF_ANNOTATION) -> str:
    """What a reader is told of the field, else the last part of its name."""
    told = _text(pdf.FPDFAnnot_GetFormFieldAlternateName, form, annotation)
    return told or _text(pdf.FPDFAnnot_GetFormFieldName, form, annotation).rpartition(".")[2]


def _text(read: Callable[..., int], *which: object) -> str:
    size = read(*which, None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    read(*which, ctypes.cast(buffer, _WideText), size)
    return " ".join(clean(buffer.raw[: size - 2].decode("utf-16-le", "surrogatepass")).text.split())

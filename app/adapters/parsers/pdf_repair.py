"""Damaged PDFs written anew by qpdf, which finds objects where the file's own index of them is lost or wrong."""

from io import BytesIO

import pikepdf

from app.core.errors import PasswordRequired, UnreadableDocument
from app.models.domain import Source


def written_anew(source: Source) -> bytes:
    """The whole file in memory, sound and without its password. Raises PasswordRequired and UnreadableDocument."""
    out = BytesIO()  # never a file: the process that reads documents can write none
    try:
        with pikepdf.Pdf.open(source.path, password=source.password or "") as document:
            # Streams go over as they are: those that unpack to gigabytes are not unpacked for this.
            document.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    except pikepdf.PasswordError as error:
        raise PasswordRequired from error
    except (pikepdf.PikepdfError, MemoryError, RuntimeError, ValueError) as error:
        raise UnreadableDocument from error
    return out.getvalue()

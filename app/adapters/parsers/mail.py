"""Mail (EML): its headers, then its text. Attachments are named and not read; upload them by themselves."""

from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser

from app.adapters.parsers.markup import parse
from app.core.errors import DocumentTooLarge, EmptyFile, UnreadableDocument
from app.logic.flow import Element, heading, item, text, units
from app.logic.tidy import one_line
from app.models.domain import DocumentInfo, ParseEvent, ParseWarning, Source

_LARGEST = 64 << 20
_SHOWN = ("From", "To", "Cc", "Date")
_PARAGRAPHS = "\n\n"


def read(source: Source) -> Iterator[ParseEvent]:
    """One DocumentInfo, then the mail as one unit or more. Raises DocumentError's subclasses."""
    if source.path.stat().st_size > _LARGEST:
        raise DocumentTooLarge(f"Mails of more than {_LARGEST >> 20} MB are not read.")
    try:
        with source.path.open("rb") as file:
            message = BytesParser(EmailMessage, policy=policy.default).parse(file)
        subject = _header(message, "Subject")
        attached = [one_line(part.get_filename() or part.get_content_type()) for part in message.iter_attachments()]
        pages = list(units([*_elements(message, subject), *map(item, attached)]))
    except (MessageError, LookupError, ValueError, RecursionError) as error:
        raise UnreadableDocument("The mail's parts do not fit together.") from error
    if not pages:
        raise EmptyFile("The mail holds no text.")
    yield DocumentInfo(len(pages), "eml", subject or None)
    if attached:
        yield ParseWarning("attachments_not_read", f"{len(attached)} attachments are named, but not read.")
    yield from pages


def _elements(message: EmailMessage, subject: str) -> Iterator[Element]:
    if subject:
        yield heading(subject, 1)
    told = ((name, _header(message, name)) for name in _SHOWN)
    yield text("\n".join(f"{name}: {value}" for name, value in told if value))
    body = message.get_body(("plain", "html"))
    if body is None:
        return
    content = str(body.get_content())
    if body.get_content_subtype() == "html":
        yield from parse(content)[1]
    else:
        yield from map(text, content.replace("\r\n", "\n").split(_PARAGRAPHS))


def _header(message: EmailMessage, name: str) -> str:
    return one_line(str(message.get(name, "")))

"""The wire: glossaries."""

from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from app.models.schemas import EXAMPLE_TIME, NOT_BLANK, Flag, In, Instant, Language, Name, Out, Page, Text
from app.models.translation import LONGEST_TERM, MOST_TERMS
from app.models.translation import Glossary as Record

TermText = Annotated[Text, StringConstraints(max_length=LONGEST_TERM)]


class Term(In):
    source: TermText = Field(examples=["invoice"], json_schema_extra={"pattern": NOT_BLANK})
    target: TermText | None = Field(None, description="Left out: the term is not translated.", examples=["Rechnung"])
    case_sensitive: Flag = False


class GlossaryContent(In):
    source: Language | None = Field(None, description="Left out: for texts in any language.", examples=["en"])
    target: Language | None = Field(None, examples=["de"])
    terms: Annotated[list[Term], Field(max_length=MOST_TERMS)]


class NewGlossary(GlossaryContent):
    name: Name = Field(examples=["contracts"])


class TermOut(Out):
    source: str = Field(examples=["invoice"])
    target: str | None = Field(examples=["Rechnung"])
    case_sensitive: bool


class Glossary(Out):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "contracts",
                    "source": "en",
                    "target": "de",
                    "version": 1,
                    "terms": [{"source": "invoice", "target": "Rechnung", "case_sensitive": False}],
                    "created_at": EXAMPLE_TIME,
                    "updated_at": EXAMPLE_TIME,
                }
            ]
        }
    )

    name: str
    source: str | None
    target: str | None
    version: int = Field(description="Grows with each change: a translation is remembered with the terms it used.")
    terms: list[TermOut]
    created_at: Instant
    updated_at: Instant

    @classmethod
    def from_record(cls, record: Record) -> "Glossary":
        return cls.of(record, terms=[TermOut.of(term) for term in record.terms])


class GlossaryList(Page[Glossary]):
    pass

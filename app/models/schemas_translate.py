"""The wire: LibreTranslate's calls, as its clients send them, and what is ours beyond them.

Requests come as JSON or as forms, so numbers and switches may be text. A field that is not known is passed over, as
LibreTranslate does: its clients send some that mean nothing here.
"""

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from app.models.schemas import EXAMPLE_ID, Out, Text

MOST_TEXTS = 100
MOST_ALTERNATIVES = 10


class _Sent(BaseModel):
    model_config = ConfigDict(extra="ignore")


def _object(value: Any) -> Any:
    """In a form a glossary is a name, or a map written as JSON."""
    if isinstance(value, str) and value.startswith("{"):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            raise ValueError("is neither a name nor a JSON object") from None
    return value


Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=35)]
TermText = Annotated[Text, StringConstraints(max_length=200)]
GlossaryMap = Annotated[dict[TermText, TermText | None], Field(max_length=1000)]


class TranslateBody(_Sent):
    q: Text | Annotated[list[Text], Field(max_length=MOST_TEXTS)] = Field(
        description="One text, or a list: `translatedText` has the same shape.", examples=["Good morning"]
    )
    source: Code = Field(description="A code of `/languages`, or `auto`: recognized, text by text.", examples=["en"])
    target: Code = Field(examples=["de"])
    format: Literal["text", "html"] = "text"
    alternatives: Annotated[int, Field(ge=0, le=MOST_ALTERNATIVES)] = Field(
        0, description="How many other translations of each text are wanted; fewer may come."
    )
    api_key: str | None = Field(None, description="Instead of a header.")
    glossary: Annotated[str | GlossaryMap | None, BeforeValidator(_object)] = Field(
        None,
        description="The name of a stored glossary, or terms with their translations; null keeps a term as it is.",
        examples=[{"invoice": "Rechnung", "DocuBot": None}],
    )
    partial: bool = Field(
        False, description="Answer 200 although segments failed: they stay as they were and `failed` lists them."
    )
    stream: bool = Field(False, description="Server-sent events: `segment` for each in order, then `done`.")


class DetectedLanguage(Out):
    confidence: float = Field(description="0 to 100.", examples=[92.0])
    language: str = Field(examples=["en"])


class FailedText(Out):
    text: int = Field(description="Which of the texts, from 0.")
    segment: str = Field(description="What was not translated.", examples=["Terms apply."])
    reason: str = Field(examples=["marks_changed"])


class MissedTerms(Out):
    text: int
    terms: list[str] = Field(examples=[["invoice"]])


class Translated(Out):
    translatedText: str | list[str] = Field(examples=["Guten Morgen"])
    detectedLanguage: DetectedLanguage | list[DetectedLanguage] | None = Field(None, description="With `auto`.")
    alternatives: list[str] | list[list[str]] | None = Field(None, examples=[["Guten Tag"]])
    failed: list[FailedText] | None = Field(None, description="With `partial`.")
    missed_terms: list[MissedTerms] | None = Field(None, description="With `glossary`: what was not honoured.")


class DetectBody(_Sent):
    q: Text = Field(examples=["Bonjour, comment allez-vous ?"])
    api_key: str | None = None


class SuggestBody(_Sent):
    q: Text = Field(examples=["Good morning"])
    s: Text = Field(description="The better translation.", examples=["Guten Morgen"])
    source: Code = Field(examples=["en"])
    target: Code = Field(examples=["de"])
    api_key: str | None = None


class Suggested(Out):
    success: bool = True


class Supported(Out):
    code: str = Field(examples=["pt-BR"])
    name: str = Field(examples=["Portuguese (Brazil)"])
    targets: list[str] = Field(examples=[["en", "es"]])


class LanguageName(Out):
    code: str = Field(examples=["auto"])
    name: str = Field(examples=["Auto Detect"])


class LanguageChoice(Out):
    source: LanguageName
    target: LanguageName


class FrontendSettings(Out):
    apiKeys: bool
    charLimit: int = Field(examples=[100_000])
    filesTranslation: bool
    frontendTimeout: int = Field(examples=[500])
    keyRequired: bool
    language: LanguageChoice
    suggestions: bool
    supportedFilesFormat: list[str] = Field(examples=[[".txt", ".docx"]])


class FailedPassage(Out):
    page: int | None = Field(description="Page or slide, where the format has them.", examples=[3])
    segment: str = Field(description="What is not in the target language; empty for a page that shows no text.")
    reason: str = Field(examples=["no_room"])


class TranslatedFile(Out):
    translatedFileUrl: str = Field(examples=[f"http://localhost:8000/download_file/{EXAMPLE_ID}.docx"])
    failed: list[FailedPassage] | None = Field(None, description="With `partial`.")


class TranslateError(Out):
    error: str = Field(examples=["Invalid request: missing q parameter"])

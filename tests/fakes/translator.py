"""A model that translates by rule, as the fake OpenAI server's reply: each word gets the target's script and an end.

So a test knows the right translation of any text, and a reply that is not one can be told from it.
"""

import json
import re
import unicodedata
from collections.abc import Callable
from typing import Any

Body = dict[str, Any]
_WORD = re.compile(r"<[^<>]*>|[^\W\d_]+")
_SCRIPTS = {"Chinese": "译", "Arabic": "ترجم", "Hindi": "अनु", "Russian": "пер", "Japanese": "やく"}
_TARGET = re.compile(r"into ([A-Z]\w+)")


def target_of(body: Body) -> str:
    found = _TARGET.search(body["messages"][0]["content"])
    assert found
    return found[1]


def asked(body: Body) -> dict[str, Any]:
    """What the prompt's JSON object holds."""
    content: dict[str, Any] = json.loads(body["messages"][1]["content"])
    return content


def said(text: str, target: str) -> str:
    """The fake's translation of a text into the language of that English name."""
    own = _SCRIPTS.get(target)

    def word(match: re.Match[str]) -> str:
        found = match.group()
        if found.startswith("<") or own:
            return found if found.startswith("<") else own or ""
        return f"{found}o" if "LATIN" in unicodedata.name(found[0]) else "wordo"

    return _WORD.sub(word, text)


def translated(body: Body) -> str:
    """The reply of a model that does as it is told."""
    content, target = asked(body), target_of(body)
    if "segments" not in content:
        return json.dumps({"alternatives": [said(content["text"], target) + end for end in ("!", "?!", "…")]})
    terms = {item["term"]: item.get("say", item["term"]) for item in content.get("glossary", [])}
    return json.dumps(
        {
            "segments": [
                {"id": item["id"], "text": _with_terms(item["text"], terms, target)} for item in content["segments"]
            ]
        },
        ensure_ascii=False,
    )


def _with_terms(text: str, terms: dict[str, str], target: str) -> str:
    parts = re.split(f"({'|'.join(map(re.escape, terms))})", text) if terms else [text]
    return "".join(terms.get(part) or said(part, target) for part in parts)


def spoiling(spoil: Callable[[list[dict[str, Any]]], Any]) -> Callable[[Body], str]:
    """A reply whose list of items went through `spoil`; what has been refused before is answered right."""

    def reply(body: Body) -> str:
        items = json.loads(translated(body))["segments"]
        if any("problem" in item for item in asked(body)["segments"]):
            return json.dumps({"segments": items})
        return json.dumps({"segments": spoil(items)})

    return reply

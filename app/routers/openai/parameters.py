"""OpenAI's many parameters: which merely tune a model, which DocuBot cannot follow, and what it says of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.core.errors import UnsupportedParameter

IGNORED = "X-DocuBot-Ignored"
"""The response header that names what was sent and changes nothing: never silence."""

HINTS = frozenset(
    {
        "frequency_penalty",
        "max_completion_tokens",
        "max_tokens",
        "metadata",
        "parallel_tool_calls",
        "presence_penalty",
        "prompt_cache_key",
        "prompt_cache_options",
        "prompt_cache_retention",
        "reasoning_effort",
        "safety_identifier",
        "seed",
        "service_tier",
        "store",
        "temperature",
        "top_p",
        "user",
        "verbosity",
    }
)
RESPONSE_HINTS = HINTS - {"max_completion_tokens", "max_tokens"} | {
    "instructions",
    "max_output_tokens",
    "max_tool_calls",
    "reasoning",
    "stream_options",
    "truncation",
}
_UNABLE: Mapping[str, tuple[Any, ...]] = {
    "audio": (),
    "background": (False,),
    "conversation": (),
    "function_call": ("none", "auto"),
    "functions": ([],),
    "logit_bias": ({},),
    "logprobs": (False,),
    "modalities": (["text"],),
    "moderation": (),
    "n": (1,),
    "prediction": (),
    "prompt": (),
    "response_format": ({"type": "text"},),
    "stop": ([], ""),
    "text": ({"format": {"type": "text"}}, {}),
    "tool_choice": ("none", "auto"),
    "tools": ([],),
    "top_logprobs": (0,),
    "web_search_options": (),
}
"""Parameters that would change the answer, each with the values that ask for nothing."""


RESPONSE_UNABLE: Mapping[str, tuple[Any, ...]] = {
    **_UNABLE,
    # The search is always made, so asking for it asks for nothing more.
    "tool_choice": ("none", "auto", "required", {"type": "file_search"}),
}


def ignored(
    extra: Mapping[str, Any] | None,
    hints: Iterable[str] = HINTS,
    unable: Mapping[str, tuple[Any, ...]] = _UNABLE,
) -> list[str]:
    """Names of the hints among `extra`. Raises UnsupportedParameter for what is unknown or cannot be done."""
    given = {name: value for name, value in (extra or {}).items() if value is not None}
    for name, value in given.items():
        if name not in hints and _meaning(name, value) not in unable.get(name, ()):
            raise unsupported(("body", name), _reason(name))
    return sorted(name for name in given if name in hints)


def _meaning(name: str, value: Any) -> Any:
    """How wordy `text` should be merely tunes a model."""
    if name == "text" and isinstance(value, dict):
        return {key: inner for key, inner in value.items() if key != "verbosity"}
    return value


def unsupported(location: tuple[str | int, ...], reason: str) -> UnsupportedParameter:
    short = [part if isinstance(part, int) else part[:64] for part in location]
    return UnsupportedParameter(errors=[{"loc": short, "msg": reason, "type": "unsupported"}])


def _reason(name: str) -> str:
    if name not in _UNABLE:
        return "Unknown parameter"
    return f"Not supported{f' beyond {_UNABLE[name][0]!r}' if _UNABLE[name] else ''}"

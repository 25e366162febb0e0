"""What the `openai` SDK's exceptions mean to the people who run DocuBot. Nothing here repeats a key or a prompt."""

from collections.abc import Mapping
from typing import Any

import openai

from app.core.errors import LLMUnavailable
from app.core.logging import get_logger

log = get_logger(__name__)

_BY_CODE = {
    "insufficient_quota": "The language model's account has no quota left; check its plan and billing.",
    "context_length_exceeded": "The prompt is longer than the model's context; lower LLM_CONTEXT_TOKENS.",
    "exceed_context_size_error": "The prompt is longer than the model's context; lower LLM_CONTEXT_TOKENS.",
    "model_not_found": "The language model's server has no model {model!r}; set LLM_MODEL to one that it has.",
}
_BY_STATUS = {
    400: "The language model's server refused the request as invalid (400); see the log.",
    401: "The language model's server refused the key (401); check OPENAI_API_KEY.",
    403: "The key may not use the model {model!r} (403); check OPENAI_API_KEY and LLM_MODEL.",
    404: "The language model's server has no model {model!r} or no such address (404); check LLM_MODEL and "
    "OPENAI_BASE_URL (it usually ends in /v1).",
    413: "The prompt is larger than the language model's server accepts; lower LLM_CONTEXT_TOKENS.",
    429: "The language model's server is over its rate limit (429); try again later.",
}
_OPTIONAL = {
    "stream_options": ("stream_options", "include_usage"),
    "response_format": ("response_format", "json_schema", "grammar"),
    "temperature": ("temperature",),
    "max_tokens": ("max_tokens",),
    "max_completion_tokens": ("max_completion_tokens",),
    "reasoning_effort": ("reasoning_effort",),
}
"""Parameters that a call can do without, and the words by which servers refuse them."""
_RETRIED = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_SERVER_ERROR = 500
_SAFE_TO_LOG = 404, 429  # and 5xx: other refusals may quote the key or the prompt


def explain(error: Exception, model: str, timeout: float, retry_after: float | None = None) -> LLMUnavailable:
    """The error that services and clients see, saying which setting to look at; the log gets what the server said."""
    status = error.status_code if isinstance(error, openai.APIStatusError) else None
    code = getattr(error, "code", None)
    log.warning("llm_call_failed", error=type(error).__name__, status=status, code=code, said=_said(error, status))
    if isinstance(error, (TimeoutError, openai.APITimeoutError)):
        return LLMUnavailable(f"The language model did not finish within {timeout:g} s (LLM_TIMEOUT).")
    if isinstance(error, openai.APIConnectionError):
        return LLMUnavailable(
            "The connection to the language model's server failed or broke off; check OPENAI_BASE_URL."
        )
    advice = _BY_CODE.get(str(code)) or _BY_STATUS.get(status or 0)
    if advice:
        return LLMUnavailable(advice.format(model=model), retry_after=retry_after)
    if status is not None:
        return LLMUnavailable(f"The language model's server failed with status {status}.", retry_after=retry_after)
    return LLMUnavailable("The language model's server sent something that is not a chat completion.")


def worth_retrying(error: Exception) -> bool:
    """Whether the same call may succeed a moment later."""
    if isinstance(error, openai.APIStatusError):
        return error.status_code in _RETRIED and error.code != "insufficient_quota"
    return isinstance(error, openai.APIConnectionError) and not isinstance(error, openai.APITimeoutError)


def refused_parameters(error: Exception, request: Mapping[str, Any]) -> frozenset[str]:
    """Which optional parameters of `request` the server says it does not take; all of them when it names none."""
    if not isinstance(error, openai.APIStatusError) or error.status_code not in (400, 422, 501):
        return frozenset()
    if error.code in _BY_CODE:
        return frozenset()
    present = _OPTIONAL.keys() & request.keys()
    if error.param in present:
        return frozenset({error.param})
    said = f"{error.message} {error.body}"
    named = frozenset(name for name in present if any(word in said for word in _OPTIONAL[name]))
    return named or frozenset(present - {"max_tokens", "max_completion_tokens"})


def _said(error: Exception, status: int | None) -> str | None:
    if isinstance(error, openai.APIStatusError) and (status in _SAFE_TO_LOG or error.status_code >= _SERVER_ERROR):
        return error.message[:300]
    return None

"""Every failure that a client may see, as one tree.

DocubotError                     500 internal_error
├── BadRequest                   400 bad_request
│   ├── InvalidCursor            400 invalid_cursor
│   ├── InvalidFilter            400 invalid_filter
│   ├── MalformedJson            400 malformed_json
│   ├── LanguageNotSupported     400 language_not_supported
│   ├── MalformedUpload          400 malformed_upload
│   ├── UnsupportedParameter     400 unsupported_parameter
│   ├── InvalidGrant             400 invalid_grant
│   ├── UnsupportedGrantType     400 unsupported_grant_type
│   └── VectorStoreExpired       400 vector_store_expired
├── Unauthorized                 401 unauthorized
│   └── InvalidCredentials       401 invalid_credentials
├── QuotaExceeded                402 quota_exceeded
│   └── TokenQuotaExceeded       429 token_quota_exceeded
├── Forbidden                    403 forbidden
│   ├── HostNotAllowed           403 host_not_allowed
│   ├── SuggestionsOff           403 suggestions_off
│   ├── OriginNotAllowed         403 origin_not_allowed
│   ├── ScopeMissing             403 scope_missing
│   └── CollectionNotAllowed     403 collection_not_allowed
├── NotFound                     404 not_found
│   ├── DocumentNotFound         404 document_not_found
│   ├── PageNotFound             404 page_not_found
│   ├── CollectionNotFound       404 collection_not_found
│   ├── JobNotFound              404 job_not_found
│   ├── ConversationNotFound     404 conversation_not_found
│   ├── MessageNotFound          404 message_not_found
│   ├── ModelNotFound            404 model_not_found
│   ├── FileNotFound             404 file_not_found
│   ├── VectorStoreNotFound      404 vector_store_not_found
│   ├── FileBatchNotFound        404 file_batch_not_found
│   ├── ResponseNotFound         404 response_not_found
│   ├── StreamNotFound           404 stream_not_found
│   ├── GlossaryNotFound         404 glossary_not_found
│   ├── TranslationNotFound      404 translation_not_found
│   ├── WebhookNotFound          404 webhook_not_found
│   ├── DeliveryNotFound         404 delivery_not_found
│   ├── KeyNotFound              404 key_not_found
│   ├── UserNotFound             404 user_not_found
│   └── EvaluationNotFound       404 evaluation_not_found
├── MethodNotAllowed             405 method_not_allowed
├── RequestTimeout               408 request_timeout
├── Conflict                     409 conflict
│   ├── EmbeddingMismatch        409 embedding_mismatch
│   ├── CollectionExists         409 collection_exists
│   ├── UserExists               409 user_exists
│   ├── NotRetryable             409 not_retryable
│   ├── GlossaryExists           409 glossary_exists
│   ├── TranslationNotReady      409 translation_not_ready
│   ├── TooManyWebhooks          409 too_many_webhooks
│   └── IdempotencyConflict      409 idempotency_conflict
├── PayloadTooLarge              413 payload_too_large
├── UnsupportedMediaType         415 unsupported_media_type
├── Unprocessable                422 unprocessable
│   ├── OutputNotPossible        422 output_not_possible
│   ├── WebhookTargetRefused     422 webhook_target_refused
│   └── DocumentError            422 (what is wrong with one document; also stands on its failed job)
│       ├── EmptyFile            422 empty_file
│       ├── UnreadableDocument   422 unreadable_document
│       ├── PasswordRequired     422 password_required
│       ├── DocumentTooLarge     422 document_too_large
│       ├── ArchiveTooLarge      422 archive_too_large
│       ├── OcrNotInstalled      422 ocr_not_installed
│       ├── FontMissing          422 font_missing
│       ├── ParserTimeout        422 parser_timeout
│       └── ParserCrashed        422 parser_crashed
├── TranslationFailed            502 translation_failed
├── RateLimited                  429 rate_limited
├── Unavailable                  503 unavailable
│   ├── LLMNotConfigured         503 llm_not_configured
│   ├── LLMUnavailable           503 llm_unavailable
│   ├── EmbeddingsUnavailable    503 embeddings_unavailable
│   ├── VectorIndexUnavailable   503 vector_index_unavailable
│   ├── IssuerUnavailable        503 issuer_unavailable
│   ├── ShuttingDown             503 shutting_down
│   └── StorageUnavailable       503 storage_unavailable
└── StartupError                 (ends the process: a setting, a lock or a schema that cannot work)

The tree is kept in one piece, longer than other files, so that it can be read as one. `code` is stable: clients branch
on it, and docs/errors.md lists each. `detail` says what to do next.
"""

from collections.abc import Sequence
from typing import Any, ClassVar


class DocubotError(Exception):
    """Base of the tree. `detail` is shown to clients, so it never holds secrets or document text."""

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Internal error"
    advice: ClassVar[str] = "Something went wrong on our side. Try again, and report the request id if it stays."

    def __init__(
        self,
        detail: str | None = None,
        *,
        errors: Sequence[dict[str, Any]] = (),
        retry_after: float | None = None,
    ) -> None:
        self.detail = detail or self.advice
        self.errors = list(errors)
        self.retry_after = retry_after
        super().__init__(self.detail)


class BadRequest(DocubotError):
    code, status, title = "bad_request", 400, "Bad request"
    advice = "The request cannot be understood. Compare it with /docs."


class InvalidCursor(BadRequest):
    code, title = "invalid_cursor", "Invalid cursor"
    advice = "Pass `next_cursor` of the previous page unchanged, or leave `cursor` out to start over."


class InvalidFilter(BadRequest):
    code, title = "invalid_filter", "Invalid filter"
    advice = "A filter is {type, key, value} or {type: and|or, filters: [...]}."


class MalformedJson(BadRequest):
    code, title = "malformed_json", "Malformed JSON"
    advice = "The body is not JSON in UTF-8, or is nested too deeply."


class LanguageNotSupported(BadRequest):
    code, title = "language_not_supported", "Language not supported"
    advice = "GET /languages lists the languages that can be asked for."


class MalformedUpload(BadRequest):
    code, title = "malformed_upload", "Malformed upload"
    advice = "Send multipart/form-data with at least one part named `file`."


class UnsupportedParameter(BadRequest):
    """On OpenAI's wire: what would change the answer and cannot be done is refused, never passed over."""

    code, title = "unsupported_parameter", "Unsupported parameter"
    advice = "DocuBot cannot do what this parameter asks for. Leave it out; docs/openai.md lists what it takes."


class VectorStoreExpired(BadRequest):
    code, title = "vector_store_expired", "Vector store expired"
    advice = "The vector store's `expires_after` has passed and its files are gone. Create another one."


class InvalidGrant(BadRequest):
    """OAuth2's word. Unknown names, wrong passwords and disabled users are one: whoever guesses learns nothing."""

    code, title = "invalid_grant", "Sign-in refused"
    advice = "The user name, the password or the refresh token is wrong, or no longer good."


class UnsupportedGrantType(BadRequest):
    code, title = "unsupported_grant_type", "Unsupported grant type"
    advice = "`grant_type` is `password` or `refresh_token`."


class Unauthorized(DocubotError):
    code, status, title = "unauthorized", 401, "Key needed"
    advice = (
        "Send a key or a token: `Authorization: Bearer <key>` or `X-API-Key: <key>`. `docubot keys create` makes a "
        "key, POST /token a token."
    )


class InvalidCredentials(Unauthorized):
    """Unknown, expired, revoked and misspelt are one: whoever guesses learns nothing."""

    code, title = "invalid_credentials", "Invalid credentials"
    advice = "The key or token is unknown, expired or revoked. Ask for a new one."


class QuotaExceeded(DocubotError):
    """What a key may store is used up. Whoever raises it tells which key and which of its quotas."""

    code, status, title = "quota_exceeded", 402, "Quota used up"
    advice = "The key has as many documents, pages or bytes as it may. Delete some, or have its quota raised."

    def __init__(
        self,
        detail: str | None = None,
        *,
        key_id: str = "",
        quota: str = "",
        limit: int = 0,
        used: int = 0,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail, retry_after=retry_after)
        self.key_id, self.quota, self.limit, self.used = key_id, quota, limit, used


class TokenQuotaExceeded(QuotaExceeded):
    code, status, title = "token_quota_exceeded", 429, "Tokens of the day used up"
    advice = "The key has used its tokens of today; new ones come at midnight UTC. Mode `extract` takes none."


class Forbidden(DocubotError):
    code, status, title = "forbidden", 403, "Forbidden"
    advice = "This call is not allowed."


class HostNotAllowed(Forbidden):
    code, title = "host_not_allowed", "Host not allowed"
    advice = (
        "DocuBot listens on this machine only and was reached under a foreign name. Use localhost, or list the "
        "origin of your proxy in CORS_ORIGINS."
    )


class OriginNotAllowed(Forbidden):
    code, title = "origin_not_allowed", "Origin not allowed"
    advice = "A page of this origin may not change anything here. List the origin in CORS_ORIGINS if it should."


class ScopeMissing(Forbidden):
    code, title = "scope_missing", "Scope missing"
    advice = "The key or user lacks the scope that this call needs."


class CollectionNotAllowed(Forbidden):
    """For making something there; what merely cannot be seen is not found."""

    code, title = "collection_not_allowed", "Collection not allowed"
    advice = "The key or user does not reach a collection of this name. Use one that it was made for."


class SuggestionsOff(Forbidden):
    code, title = "suggestions_off", "Suggestions are off"
    advice = "Suggestions are disabled on this server (TRANSLATE_SUGGESTIONS)."


class NotFound(DocubotError):
    code, status, title = "not_found", 404, "Not found"
    advice = "There is nothing at this address."


class DocumentNotFound(NotFound):
    code, title = "document_not_found", "Document not found"
    advice = "No such document. GET /documents lists those that you can see."


class PageNotFound(NotFound):
    code, title = "page_not_found", "Page not found"
    advice = "The document has no such page. GET /documents/{id} tells how many it has."


class EvaluationNotFound(NotFound):
    code, title = "evaluation_not_found", "Evaluation not found"
    advice = "No such finished run. GET /admin/evaluations lists them; `docubot eval` makes them."


class CollectionNotFound(NotFound):
    code, title = "collection_not_found", "Collection not found"
    advice = "No such collection. GET /collections lists them; POST /collections or an upload makes one."


class JobNotFound(NotFound):
    code, title = "job_not_found", "Job not found"
    advice = "No such job. GET /jobs lists those that you can see."


class ConversationNotFound(NotFound):
    code, title = "conversation_not_found", "Conversation not found"
    advice = "No such conversation. Leave `conversation_id` out to start a new one."


class MessageNotFound(NotFound):
    code, title = "message_not_found", "Message not found"
    advice = "No such message. GET /conversations/{id} lists a conversation's messages."


class ModelNotFound(NotFound):
    code, title = "model_not_found", "Model not found"
    advice = "No such model. GET /v1/models lists them: `docubot`, and `docubot/<collection>` for each collection."


class FileNotFound(NotFound):
    code, title = "file_not_found", "File not found"
    advice = "No such file. GET /v1/files lists those that you can see."


class VectorStoreNotFound(NotFound):
    code, title = "vector_store_not_found", "Vector store not found"
    advice = "No such vector store. GET /v1/vector_stores lists those that you can see."


class FileBatchNotFound(NotFound):
    code, title = "file_batch_not_found", "File batch not found"
    advice = "No such file batch in this vector store."


class ResponseNotFound(NotFound):
    code, title = "response_not_found", "Response not found"
    advice = "No such response. Only responses made with `store` (the default) can be continued."


class StreamNotFound(NotFound):
    code, title = "stream_not_found", "Stream not found"
    advice = "The answer that Last-Event-ID names is gone (kept for 10 minutes). Ask again without the header."


class KeyNotFound(NotFound):
    code, title = "key_not_found", "Key not found"
    advice = "No such key. GET /keys lists them."


class UserNotFound(NotFound):
    code, title = "user_not_found", "User not found"
    advice = "No such user. GET /users lists them."


class GlossaryNotFound(NotFound):
    code, title = "glossary_not_found", "Glossary not found"
    advice = "No such glossary. GET /glossaries lists those that you can see."


class TranslationNotFound(NotFound):
    code, title = "translation_not_found", "Translation not found"
    advice = "No such translation. GET /documents/{id}/translations lists a document's."


class WebhookNotFound(NotFound):
    code, title = "webhook_not_found", "Webhook not found"
    advice = "No such webhook. GET /webhooks lists those that you can see."


class DeliveryNotFound(NotFound):
    code, title = "delivery_not_found", "Delivery not found"
    advice = "No such delivery, or its log is over. GET /webhooks/{id}/deliveries lists a webhook's."


class MethodNotAllowed(DocubotError):
    code, status, title = "method_not_allowed", 405, "Method not allowed"
    advice = "This address does not take that method; the header `Allow` lists those it takes."


class Conflict(DocubotError):
    code, status, title = "conflict", 409, "Conflict"
    advice = "The request does not fit the present state."


class EmbeddingMismatch(Conflict):
    code, title = "embedding_mismatch", "Embedding mismatch"
    advice = (
        "The collection was made with another embedding model. "
        "POST /collections/{name}/reindex rebuilds it with the configured one."
    )


class CollectionExists(Conflict):
    code, title = "collection_exists", "Collection exists"
    advice = "A collection of this name exists already; use it, or choose another name."


class UserExists(Conflict):
    code, title = "user_exists", "User exists"
    advice = "A user of this name exists already, perhaps disabled; PATCH /users/{id} changes it."


class NotRetryable(Conflict):
    code, title = "not_retryable", "Nothing to retry"
    advice = "Only a failed or cancelled document can be retried."


class IdempotencyConflict(Conflict):
    code, title = "idempotency_conflict", "Idempotency key reused"
    advice = "This Idempotency-Key was used for another request within 24 h, or that one still runs. Use a new key."


class GlossaryExists(Conflict):
    code, title = "glossary_exists", "Glossary exists"
    advice = "A glossary of this name exists already; PUT /glossaries/{name} replaces it."


class TranslationNotReady(Conflict):
    code, title = "translation_not_ready", "Translation not ready"
    advice = "The translation has not been finished. Follow its job, or retry it when that failed."


class TooManyWebhooks(Conflict):
    code, title = "too_many_webhooks", "Too many webhooks"
    advice = "There are as many webhooks as one tenant may have. Delete one, or let one be told of more."


class RequestTimeout(DocubotError):
    code, status, title = "request_timeout", 408, "Request too slow"
    advice = "The request came too slowly, or stopped half way. Send it again."


class PayloadTooLarge(DocubotError):
    code, status, title = "payload_too_large", 413, "Too large"
    advice = "The request is larger than this server accepts."


class UnsupportedMediaType(DocubotError):
    code, status, title = "unsupported_media_type", 415, "Unsupported media type"
    advice = "The content is of no supported type."


class Unprocessable(DocubotError):
    code, status, title = "unprocessable", 422, "Unprocessable content"
    advice = "Some fields are missing or wrong; `errors` names them."


class OutputNotPossible(Unprocessable):
    code, title = "output_not_possible", "Output not possible"
    advice = "This document cannot be written in that form. Ask for markdown, html, bilingual_html or its own format."


class WebhookTargetRefused(Unprocessable):
    code, title = "webhook_target_refused", "Target refused"
    advice = "A webhook's target is a public https address, or lies in WEBHOOK_NETWORKS."


class DocumentError(Unprocessable):
    """What is wrong with one document. The ingest job carries the same code."""

    code, title = "document_error", "Document error"
    advice = "The document cannot be processed."


class EmptyFile(DocumentError):
    code, title = "empty_file", "Empty file"
    advice = "The file has no bytes. Check that it was saved, and upload it again."


class UnreadableDocument(DocumentError):
    code, title = "unreadable_document", "Unreadable document"
    advice = "The file is damaged or not what it claims to be. Export it anew and upload that."


class PasswordRequired(DocumentError):
    code, title = "password_required", "Password required"
    advice = "The document is encrypted. Upload it again with the form field `password`."


class DocumentTooLarge(DocumentError):
    code, title = "document_too_large", "Document too large"
    advice = "The document needs more pages, text or memory than the limits allow. Split it, or raise the limits."


class ArchiveTooLarge(DocumentError):
    code, title = "archive_too_large", "Archive too large"
    advice = "The ZIP unpacks to more files or bytes than one upload may have. Split it."


class OcrNotInstalled(DocumentError):
    code, title = "ocr_not_installed", "OCR not installed"
    advice = 'Pictures are read by OCR. Run: pip install "docubot[ocr]"; then retry the document.'


class FontMissing(DocumentError):
    code, title = "font_missing", "Font missing"
    advice = 'No font here covers the language. Run: pip install "docubot[cjk]"; restart, and retry the translation.'


class ParserTimeout(DocumentError):
    code, title = "parser_timeout", "Parser timed out"
    advice = "The document took longer to read than PARSE_TIMEOUT allows. Split it, or raise the limit."


class ParserCrashed(DocumentError):
    code, title = "parser_crashed", "Parser crashed"
    advice = "The document brought its parser down (nothing else was harmed). Export it anew and upload that."


class TranslationFailed(DocubotError):
    """The model answered, but what it said is no translation, also when asked again."""

    code, status, title = "translation_failed", 502, "Translation failed"
    advice = "Some of the text could not be translated. Try again, or use another model."


class RateLimited(DocubotError):
    code, status, title = "rate_limited", 429, "Too many calls"
    advice = "Too many calls. Wait as many seconds as the header Retry-After says."


class Unavailable(DocubotError):
    code, status, title = "unavailable", 503, "Unavailable"
    advice = "A part that this call needs does not answer. Try again; /health/ready tells which."


class LLMNotConfigured(Unavailable):
    code, title = "llm_not_configured", "No language model configured"
    advice = "Set OPENAI_API_KEY (and OPENAI_BASE_URL and LLM_MODEL for another provider), then start again."


class LLMUnavailable(Unavailable):
    code, title = "llm_unavailable", "The language model does not answer"
    advice = "The configured model failed or timed out. Try again, or ask with mode `extract`."


class EmbeddingsUnavailable(Unavailable):
    code, title = "embeddings_unavailable", "The embedding model does not answer"
    advice = "The configured embedding model failed or timed out. Try again."


class VectorIndexUnavailable(Unavailable):
    code, title = "vector_index_unavailable", "The vector index does not answer"
    advice = "The vector index is down or being rebuilt; keyword search goes on answering."


class IssuerUnavailable(Unavailable):
    code, title = "issuer_unavailable", "The token issuer does not answer"
    advice = "The issuer's keys could not be fetched, so no token of it can be checked. Try again in a moment."


class ShuttingDown(Unavailable):
    code, title = "shutting_down", "Shutting down"
    advice = "The server is shutting down or starting anew. Try again in a moment."


class StorageUnavailable(Unavailable):
    code, title = "storage_unavailable", "The disk takes no more"
    advice = "The disk under the data folder is full or cannot be written. Free some space, then try again."


class StartupError(DocubotError):
    """Raised before serving begins; the process prints `detail` and exits with status 2."""

    code, title = "startup_error", "Cannot start"

"""Settings: the only reader of the environment. Read once, frozen, injected.

Each field is an environment variable of the same name in capitals (or a line of `.env`); `.env.example` documents all
of them with their defaults, and a test holds the two together.
"""

import os
from collections.abc import Mapping
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.core.errors import StartupError
from app.core.listening import is_local, reachable, url_of
from app.core.setting_values import (
    Algorithms,
    BelievedUrl,
    BrokerUrl,
    Commas,
    DatabaseUrl,
    FilesUrl,
    JsonObject,
    Networks,
    Origins,
    Rate,
    RedisUrl,
    Secret,
    StrongSecret,
    TesseractLanguages,
    Url,
    Urls,
)

_ENV_FILE = ".env"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=_ENV_FILE, env_file_encoding="utf-8", extra="ignore", frozen=True)

    # Where it listens
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    auth: Literal["auto", "on", "off"] = "auto"
    secret_key: StrongSecret = None
    rate_limit: Rate = "600/minute"
    rate_limit_failures: Rate = "30/minute"
    rate_limit_sign_in: Rate = "10/minute"
    access_token_minutes: Annotated[int, Field(ge=1, le=1440)] = 15
    refresh_token_days: Annotated[int, Field(ge=1, le=3650)] = 30
    roles: Annotated[dict[str, tuple[str, ...]], NoDecode, JsonObject] = {}
    oidc_issuer: BelievedUrl = ""
    oidc_audience: Commas = ()
    oidc_jwks_url: BelievedUrl = ""
    oidc_algorithms: Algorithms = ("RS256", "ES256")
    oidc_name_claim: str = "preferred_username"
    oidc_roles_claim: str = "roles"
    oidc_roles: Annotated[dict[str, str], NoDecode, JsonObject] = {}
    oidc_scopes_claim: str = ""
    oidc_collections_claim: str = ""
    oidc_client_id: str = ""
    oidc_scope: str = "openid profile"
    oidc_page_token: Literal["access", "id"] = "access"  # noqa: S105 - the name of a kind
    oidc_origins: Origins = ()
    header_timeout: Annotated[float, Field(gt=0, le=3600)] = 20.0
    body_timeout: Annotated[float, Field(gt=0, le=3600)] = 30.0
    trusted_proxies: Commas = ()
    cors_origins: Origins = ()
    cors_credentials: bool = False

    # Where it keeps things
    data_dir: Path = Path("data/var")
    database_url: DatabaseUrl = ""
    database_pool: Annotated[int, Field(ge=1, le=1000)] = 8
    chroma_url: Urls = ""
    keyword_index: Literal["auto", "tantivy", "postgres"] = "auto"
    queue_url: BrokerUrl = ""
    redis_url: RedisUrl = ""
    files_url: FilesUrl = ""

    # The language model that writes answers; without one, answers are verbatim sentences
    openai_api_key: Secret = None
    openai_base_url: Url = ""
    llm_model: str = "gpt-5-mini"
    llm_timeout: Annotated[float, Field(gt=0, le=3600)] = 60.0
    llm_max_concurrency: Annotated[int, Field(ge=1, le=1000)] = 8
    llm_max_retries: Annotated[int, Field(ge=0, le=10)] = 2
    llm_max_tokens: Annotated[int, Field(ge=16, le=100_000)] = 1024
    llm_context_tokens: Annotated[int, Field(ge=256, le=1_000_000)] = 6000

    # The embedding model
    embedding_model: str = "multilingual-e5-small"
    embedding_workers: Annotated[int, Field(ge=0, le=256)] = 0
    embedding_base_url: Url = ""
    embedding_api_key: Secret = None
    embedding_price: Annotated[float, Field(ge=0)] = 0.0

    # What may be uploaded
    max_upload_bytes: Annotated[int, Field(ge=1)] = 512 * 1024 * 1024
    max_files_per_upload: Annotated[int, Field(ge=1, le=10_000)] = 1000
    max_pages: Annotated[int, Field(ge=1)] = 20_000
    max_characters: Annotated[int, Field(ge=1)] = 100_000_000

    # How documents are read
    pdf_parser: Literal["pdfium", "pypdf"] = "pdfium"
    parse_timeout: Annotated[float, Field(gt=0, le=86_400)] = 600.0
    parse_memory_mb: Annotated[int, Field(ge=128)] = 768
    ocr_languages: TesseractLanguages = ()
    ocr_tessdata: str = ""
    ocr_max_pages: Annotated[int, Field(ge=0, le=20_000)] = 500
    page_image_cache_mb: Annotated[int, Field(ge=0, le=1_000_000)] = 256
    chunk_tokens: Annotated[int, Field(ge=32, le=512)] = 256
    version_retention_days: Annotated[int, Field(ge=0, le=36_500)] = 30
    ingest_workers: Annotated[int, Field(ge=0, le=64)] = 2
    job_max_attempts: Annotated[int, Field(ge=1, le=100)] = 5

    # How questions are answered
    top_k: Annotated[int, Field(ge=1, le=50)] = 8
    score_floor: Annotated[float, Field(ge=0, le=1)] = 0.2
    reranker: Literal["embedded", "http", "onnx", "llm"] = "embedded"
    rerank_base_url: Url = ""
    rerank_wire: Literal["cohere", "tei"] = "cohere"
    rerank_model: str = ""
    rerank_api_key: Secret = None
    rerank_depth: Annotated[int, Field(ge=2, le=48)] = 24
    rerank_timeout: Annotated[float, Field(gt=0, le=600)] = 5.0
    answer_cache: Annotated[int, Field(ge=0, le=100_000)] = 256

    # How texts and documents are translated, by the language model
    translate_max_characters: Annotated[int, Field(ge=1, le=1_000_000)] = 100_000
    translate_suggestions: bool = False
    llm_price_input: Annotated[float, Field(ge=0)] = 0.0
    llm_price_output: Annotated[float, Field(ge=0)] = 0.0

    # How it tells others what happened
    webhook_networks: Networks = ()
    webhook_timeout: Annotated[float, Field(gt=0, le=120)] = 15.0

    # How it reports
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "json", "console"] = "auto"

    @model_validator(mode="after")
    def _possible_together(self) -> Self:
        if "*" in self.cors_origins and self.cors_credentials:
            raise ValueError(
                "CORS_ORIGINS=* together with CORS_CREDENTIALS=true would let every site act for its visitors; "
                "list the origins instead"
            )
        if self.reranker == "http" and not self.rerank_base_url:
            raise ValueError("RERANKER=http needs RERANK_BASE_URL, the address that /rerank is called at")
        if self.reranker == "onnx" and not self.rerank_model:
            raise ValueError("RERANKER=onnx needs RERANK_MODEL, a folder with model.onnx and tokenizer.json")
        if self.reranker == "llm" and not self.llm_configured:
            raise ValueError("RERANKER=llm needs a language model: set OPENAI_API_KEY or OPENAI_BASE_URL")
        if self.keyword_index == "postgres" and not self.on_postgres:
            raise ValueError("KEYWORD_INDEX=postgres needs DATABASE_URL=postgresql+asyncpg://...")
        if self.scaled:
            self._check_scaled()
        if self.oidc_issuer and not self.oidc_audience:
            raise ValueError("OIDC_AUDIENCE: name it, or tokens that the issuer made for other services would be good")
        if self.oidc_client_id and not self.oidc_issuer:
            raise ValueError("OIDC_CLIENT_ID is the page's name at an issuer: it needs OIDC_ISSUER")
        return self

    def _check_scaled(self) -> None:
        """Several processes: whatever one of them alone could own lies where all of them reach it."""
        needs = {
            "DATABASE_URL=postgresql+asyncpg://...": self.on_postgres,
            "CHROMA_URL, a Chroma server's": bool(self.chroma_url),
            "FILES_URL, where all processes keep files": bool(self.files_url),
            "SECRET_KEY, the same for all": self.secret_key is not None,
            "REDIS_URL, when the queue is not on Redis": bool(self.effective_redis_url),
            "KEYWORD_INDEX=auto or postgres": self.keyword_index != "tantivy",
        }
        missing = [what for what, there in needs.items() if not there]
        if missing:
            raise ValueError(f"QUEUE_URL lets several processes work together, which needs {'; '.join(missing)}")

    @property
    def on_postgres(self) -> bool:
        return self.database_url.startswith("postgresql")

    @property
    def chroma_urls(self) -> tuple[str, ...]:
        return tuple(self.chroma_url.split(",")) if self.chroma_url else ()

    @property
    def scaled(self) -> bool:
        """Whether other processes share the work, over the queue: this one owns nothing."""
        return bool(self.queue_url)

    @property
    def effective_redis_url(self) -> str:
        return self.redis_url or (self.queue_url if self.queue_url.startswith("redis") else "")

    @property
    def keywords_in_postgres(self) -> bool:
        return self.keyword_index == "postgres" or (self.keyword_index == "auto" and self.scaled)

    @property
    def files_in_bucket(self) -> bool:
        return self.files_url.startswith("s3://")

    @property
    def files_folder(self) -> Path:
        """Where files lie, when they lie in a folder; else where copies of them do."""
        if self.files_in_bucket:
            return self.data_dir / "copies"
        return Path(self.files_url.removeprefix("file://")) if self.files_url else self.data_dir / "files"

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the address that DocuBot listens on."""
        return is_local(self.host)

    @property
    def address(self) -> str:
        """Where a server with these settings is called from this machine."""
        return url_of(reachable(self.host), self.port)

    @property
    def callable_networks(self) -> list[IPv4Network | IPv6Network]:
        """Where webhooks may lead although it is not public."""
        return [ip_network(text) for text in self.webhook_networks]

    @property
    def issuer_origins(self) -> tuple[str, ...]:
        """Whom the page speaks with to sign people in."""
        if not self.oidc_client_id:
            return ()
        parts = urlsplit(self.oidc_issuer)
        return (f"{parts.scheme}://{parts.netloc}", *self.oidc_origins)

    @property
    def secret(self) -> str | None:
        return self.secret_key.get_secret_value() if self.secret_key else None

    @property
    def effective_database_url(self) -> str:
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir.resolve() / 'docubot.sqlite3'}"

    @property
    def llm_configured(self) -> bool:
        """A key, or another server than OpenAI's (local ones often take none)."""
        return self.openai_api_key is not None or bool(self.openai_base_url)

    @cached_property
    def cores(self) -> int:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def load_settings(**overrides: Any) -> Settings:
    """Settings from the environment, `.env` and `overrides`; raises StartupError naming each wrong variable."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise StartupError("\n".join(_explain(item) for item in error.errors())) from None


def libraries_environment() -> Mapping[str, str]:
    """The environment with those variables of `.env` put into it that libraries read by themselves: OpenTelemetry's SDK
    and the S3 client."""
    for name, value in dotenv_values(_ENV_FILE).items():
        if name.startswith(("OTEL_", "AWS_")) and value is not None:
            os.environ.setdefault(name, value)
    return os.environ


def _explain(item: Any) -> str:
    """One line for one wrong setting: its variable and what is allowed (never its value: it may be a secret)."""
    name = "_".join(str(part) for part in item["loc"]).upper()
    message = item["msg"].removeprefix("Value error, ")
    return f"{name}: {message}" if name else message

import re
from pathlib import Path

import pytest

from app.core.config import Settings, load_settings
from app.core.errors import StartupError

EXAMPLE = Path(__file__).parents[2] / ".env.example"


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def documented() -> dict[str, str]:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    found = [re.fullmatch(r"#([A-Z0-9_]+)=(.*)", line) for line in lines]
    return {match[1]: match[2] for match in found if match}


def test_every_setting_is_documented_and_nothing_else() -> None:
    assert set(documented()) == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_documented_default_is_the_default(name: str) -> None:
    text = documented()[name.upper()]
    assert getattr(load_settings(**{name: text} if text else {}), name) == getattr(load_settings(), name)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORT", "99999"),
        ("PORT", "http"),
        ("PDF_PARSER", "magic"),
        ("DATABASE_URL", "mysql://x"),
        ("OPENAI_BASE_URL", "localhost:1234"),
        ("QUEUE_URL", "kafka://localhost"),
        ("REDIS_URL", "http://localhost"),
        ("FILES_URL", "relative/folder"),
        ("LOG_LEVEL", "loud"),
        ("CORS_ORIGINS", "foo"),
        ("PARSE_TIMEOUT", "inf"),
        ("SECRET_KEY", "short"),
        ("ROLES", "{"),
        ("OIDC_ISSUER", "http://id.example"),
        ("OIDC_ALGORITHMS", "none"),
        ("OIDC_ALGORITHMS", "RS256,HS256"),
    ],
)
def test_a_wrong_value_stops_the_start_and_names_the_variable(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(StartupError, match=variable):
        load_settings()


def test_a_secret_is_not_shown_in_the_complaint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    monkeypatch.setenv("DATABASE_URL", "mysql://user:hunter2@host/db")
    with pytest.raises(StartupError) as caught:
        load_settings()
    assert "hunter2" not in caught.value.detail
    assert "sk-very-secret" not in caught.value.detail


def test_any_origin_with_credentials_is_refused() -> None:
    with pytest.raises(StartupError, match="CORS_ORIGINS"):
        load_settings(cors_origins="*", cors_credentials=True)


def test_an_issuer_without_an_audience_is_refused() -> None:
    with pytest.raises(StartupError, match="OIDC_AUDIENCE"):
        load_settings(oidc_issuer="https://id.example")


@pytest.mark.parametrize(
    ("reranker", "needed"), [("http", "RERANK_BASE_URL"), ("onnx", "RERANK_MODEL"), ("llm", "OPENAI_API_KEY")]
)
def test_a_reranker_without_what_it_needs_is_refused(reranker: str, needed: str) -> None:
    with pytest.raises(StartupError, match=needed):
        load_settings(reranker=reranker)


def test_a_page_client_without_an_issuer_is_refused() -> None:
    with pytest.raises(StartupError, match="OIDC_CLIENT_ID"):
        load_settings(oidc_client_id="page")


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.0.0.2"])
def test_loopback_needs_nothing(host: str) -> None:
    assert load_settings(host=host).loopback


def test_origins_are_split_and_trimmed() -> None:
    settings = load_settings(cors_origins=" https://a.example/ , http://localhost:5173 ,")
    assert settings.cors_origins == ("https://a.example", "http://localhost:5173")


def test_env_file_is_read_as_utf8(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LLM_MODEL=模型-é\n", encoding="utf-8")
    assert load_settings().llm_model == "模型-é"


def test_an_empty_key_is_no_key() -> None:
    assert not load_settings(openai_api_key=" ").llm_configured
    assert load_settings(openai_base_url="http://localhost:11434/v1").llm_configured


SCALED = {
    "queue_url": "redis://localhost:6379/0",
    "database_url": "postgresql+asyncpg://localhost/docubot",
    "chroma_url": "http://localhost:8001",
    "files_url": "file:///srv/files",
    "secret_key": "k" * 32,
}


@pytest.mark.parametrize(
    ("name", "value", "needed"),
    [
        ("database_url", "", "DATABASE_URL"),
        ("chroma_url", "", "CHROMA_URL"),
        ("files_url", "", "FILES_URL"),
        ("secret_key", None, "SECRET_KEY"),
        ("keyword_index", "tantivy", "KEYWORD_INDEX"),
        ("queue_url", "amqp://guest:guest@localhost//", "REDIS_URL"),
    ],
)
def test_several_processes_need_all_that_they_share(name: str, value: str | None, needed: str) -> None:
    with pytest.raises(StartupError, match=needed):
        load_settings(_env_file=None, **{**SCALED, name: value})


def test_the_queue_makes_postgresql_index_keywords_and_redis_carry_events() -> None:
    settings = load_settings(_env_file=None, **SCALED)
    assert settings.scaled
    assert settings.keywords_in_postgres
    assert settings.effective_redis_url == SCALED["queue_url"]
    assert str(settings.files_folder) == "/srv/files"


def test_one_process_keeps_keywords_and_files_in_its_folder() -> None:
    settings = load_settings(_env_file=None, database_url=SCALED["database_url"])
    assert not settings.scaled
    assert not settings.keywords_in_postgres
    assert settings.files_folder == settings.data_dir / "files"

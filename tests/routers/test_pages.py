import re
from pathlib import Path

import httpx
import pytest

from app.core.config import Settings
from app.main import create_app
from tests.routers.checks import assert_problem
from tests.routers.conftest import calling
from tests.routers.fakes import FakeServices

pytestmark = pytest.mark.anyio
HTML = {"accept": "text/html,application/xhtml+xml"}


async def test_without_a_built_page_a_word_of_where_to_look(client: httpx.AsyncClient) -> None:
    response = await client.get("/")
    assert response.headers["content-type"].startswith("text/html")
    assert "/docs" in response.text
    assert "npm run build" in response.text
    assert_problem(await client.get("/some/page", headers=HTML), 404, "not_found")


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>page</title>", encoding="utf-8")
    (folder / "assets" / "index-1a2b.js").write_text("1", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    return folder


async def test_the_built_page_is_served_and_owns_unknown_addresses(services: FakeServices, built: Path) -> None:
    async with calling(create_app(services.settings, services.factory(), built_page=built)) as client:
        for path in ("/", "/documents-of-mine/3", "/chat"):
            page = await client.get(path, headers=HTML)
            assert page.status_code == 200
            assert "<title>page</title>" in page.text
            assert "default-src 'self'" in page.headers["content-security-policy"]
        script = await client.get("/assets/index-1a2b.js")
        assert (script.status_code, script.text) == (200, "1")
        # The API keeps its addresses, and programs get problems instead of pages.
        assert (await client.get("/health", headers=HTML)).json()["status"] == "ok"
        assert_problem(await client.get("/ask", headers=HTML), 405, "method_not_allowed")
        assert_problem(await client.get("/documents/x", headers=HTML), 404, "document_not_found")
        assert_problem(await client.get("/chat", headers={"accept": "application/json"}), 404, "not_found")
        assert_problem(await client.get("/assets/missing.js"), 404, "not_found")
        for path in ("/..%2fsecret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/%00"):
            assert "secret" not in (await client.get(path)).text


async def test_the_page_may_speak_with_the_issuer_that_it_signs_in_at(services: FakeServices, built: Path) -> None:
    issuer = {"oidc_issuer": "https://id.example/realms/acme", "oidc_audience": "docubot"}
    page_client = {"oidc_client_id": "page", "oidc_origins": "https://tokens.example"}
    sources = {}
    for name, values in (("api alone", issuer), ("page too", issuer | page_client)):
        settings = Settings(_env_file=None, **values)  # type: ignore[arg-type, call-arg]
        async with calling(create_app(settings, services.factory(), built_page=built)) as client:
            policy = (await client.get("/", headers=HTML)).headers["content-security-policy"]
            sources[name] = re.findall(r"connect-src ([^;]*)", policy)
    assert sources == {"api alone": ["'self'"], "page too": ["'self' https://id.example https://tokens.example"]}


async def test_a_reload_finds_the_page_as_it_was_kept(services: FakeServices, built: Path) -> None:
    async with calling(create_app(services.settings, services.factory(), built_page=built)) as client:
        page = await client.get("/", headers=HTML)
        assert page.headers["cache-control"] == "no-cache"
        again = await client.get("/", headers={**HTML, "if-none-match": page.headers["etag"]})
        assert again.status_code == 304
        # What a 304 says takes the place of what was kept: another policy would stop the page's own scripts.
        assert "content-security-policy" not in again.headers
        script = await client.get("/assets/index-1a2b.js")
        assert "immutable" in script.headers["cache-control"]


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
async def test_the_reference_loads_what_its_policy_allows(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(path)
    assert response.status_code == 200
    assert "/openapi.json" in response.text
    policy = response.headers["content-security-policy"]
    for source in re.findall(r'(?:src|href)="([^"]+)"', response.text):
        if source.startswith("/"):
            assert (await client.get(source)).status_code == 200
        elif not source.endswith(".png") and source.startswith("http"):
            assert "/".join(source.split("/")[:4]) in policy


async def test_the_reference_needs_no_internet_when_its_scripts_are_installed(
    services: FakeServices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    static = tmp_path / "packages" / "fastapi_offline" / "static"
    static.mkdir(parents=True)
    (static.parent / "__init__.py").touch()
    for name in ("swagger-ui-bundle.js", "swagger-ui.css", "redoc.standalone.js", "favicon.png"):
        (static / name).write_text("/* bundled */", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path / "packages")
    async with calling(create_app(services.settings, services.factory(), built_page=tmp_path)) as client:
        for path in ("/docs", "/redoc"):
            page = await client.get(path)
            assert "https://" not in page.headers["content-security-policy"]
            sources = re.findall(r'(?:src|href)="([^"]+)"', page.text)
            assert sources
            for source in sources:
                assert source.startswith("/docs/assets/")
                assert (await client.get(source)).status_code == 200

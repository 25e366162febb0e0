"""What a person sees in a browser: the web page when it is built, the API's reference, or a word of where to look."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from app.routers.deps import PUBLIC

_ASSETS = "/docs/assets"
_CDN = "https://cdn.jsdelivr.net/npm"
_LOCAL = {
    "swagger_js_url": f"{_ASSETS}/swagger-ui-bundle.js",
    "swagger_css_url": f"{_ASSETS}/swagger-ui.css",
    "swagger_favicon_url": f"{_ASSETS}/favicon.png",
    "redoc_js_url": f"{_ASSETS}/redoc.standalone.js",
    "redoc_favicon_url": f"{_ASSETS}/favicon.png",
}
# Both pages start themselves by an inline script.
_POLICY = (
    "default-src 'self' {cdn}; script-src 'self' 'unsafe-inline' {cdn}; style-src 'self' 'unsafe-inline' {cdn}; "
    "img-src 'self' data: {cdn}; worker-src blob:; frame-ancestors 'none'"
)
_WELCOME = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>DocuBot</title>
<style>body { font: 1rem/1.6 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem }</style>
<h1>DocuBot is running</h1>
<p>The API is described at <a href="/docs">/docs</a> (or <a href="/redoc">/redoc</a>, or
<a href="/openapi.json">/openapi.json</a>); <a href="/health/ready">/health/ready</a> tells how it is.</p>
<p>The web page is not built yet. With Node.js installed, run
<code>cd web &amp;&amp; npm ci &amp;&amp; npm run build</code>, then start DocuBot again.</p>
</html>
"""


def add_pages(app: FastAPI, built: Path) -> None:
    """The reference pages, and at `/` what was built in `built`, or a word that nothing was."""
    app.include_router(_reference(app))
    if (built / "index.html").is_file():
        if (built / "assets").is_dir():
            app.mount("/assets", _Assets(directory=built / "assets"))
        app.frontend("/", directory=built, fallback="index.html")
    else:
        app.add_api_route("/", _welcome, dependencies=[PUBLIC], include_in_schema=False, response_class=HTMLResponse)


class _Assets(StaticFiles):
    """Files named by a hash of their content: they never change, so nobody asks for them twice."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


async def _welcome() -> HTMLResponse:
    return HTMLResponse(_WELCOME)


def _reference(app: FastAPI) -> APIRouter:
    """Swagger UI and ReDoc; from the package that brings them, so that they work without the internet."""
    router = APIRouter(include_in_schema=False, dependencies=[PUBLIC])
    assets = _bundled_assets()
    if assets is not None:
        app.mount(_ASSETS, StaticFiles(directory=assets), name="docs-assets")
    urls = {} if assets is None else _LOCAL
    headers = {"Content-Security-Policy": _POLICY.format(cdn=_CDN if assets is None else "")}

    def only(prefix: str) -> dict[str, Any]:
        return {name: url for name, url in urls.items() if name.startswith(prefix)}

    @router.get("/docs")
    async def swagger() -> HTMLResponse:
        page = get_swagger_ui_html(openapi_url="/openapi.json", title="DocuBot", **only("swagger_"))
        page.headers.update(headers)
        return page

    @router.get("/redoc")
    async def redoc() -> HTMLResponse:
        page = get_redoc_html(openapi_url="/openapi.json", title="DocuBot", with_google_fonts=False, **only("redoc_"))
        page.headers.update(headers)
        return page

    return router


def _bundled_assets() -> Path | None:
    spec = find_spec("fastapi_offline")
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) / "static" if places else None

"""What the OpenAPI document says of the calls under /v1."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from tests.routers.test_errors import every_class
from tests.routers.test_openapi import has_example

Operation = tuple[str, str, dict[str, Any]]


@pytest.fixture
def document(app: FastAPI) -> dict[str, Any]:
    return app.openapi()


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if path.startswith("/v1/"):
                yield method, path, operation


def test_every_failure_is_openais_error_with_an_example_of_each_code(document: dict[str, Any]) -> None:
    codes = {class_.code for class_ in every_class()} | {"insufficient_quota"}
    seen = 0
    for method, path, operation in operations(document):
        failures = {status: item for status, item in operation["responses"].items() if int(status) >= 400}
        assert {"400", "401", "403", "500"} <= set(failures), (method, path)
        assert "422" not in failures, (method, path)
        for response in failures.values():
            content = response["content"]["application/json"]
            assert content["schema"] == {"$ref": "#/components/schemas/OpenAIErrorBody"}
            for code, example in content["examples"].items():
                assert code in codes
                assert example["value"]["error"]["code"] == code
                seen += 1
    assert seen > 20


def test_every_call_says_what_it_is_and_shows_an_example(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        assert operation["summary"], (method, path)
        assert operation["tags"] == ["openai"]
        assert operation["operationId"].isidentifier()
        for content in operation.get("requestBody", {}).get("content", {}).values():
            assert has_example(content["schema"], document), (method, path)
        for status, response in operation["responses"].items():
            for content in response.get("content", {}).values() if int(status) < 400 else ():
                binary = content.get("schema", {}).get("format") == "binary"
                shown = binary or "example" in content or has_example(content.get("schema", {}), document)
                assert shown, (method, path)

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import BaseModel

from app.models import schemas_access, schemas_answers, schemas_documents, schemas_store
from app.routers import translate_wire
from tests.routers.test_errors import every_class

Operation = tuple[str, str, dict[str, Any]]


@pytest.fixture
def document(app: FastAPI) -> dict[str, Any]:
    return app.openapi()


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            # OpenAI's wire and LibreTranslate's are held by files of their own.
            if not path.startswith("/v1/") and not translate_wire.is_ours(path):
                yield method, path, operation


def test_the_whole_contract_is_there(document: dict[str, Any]) -> None:
    assert {(method.upper(), path) for method, path, _ in operations(document)} == {
        ("GET", "/health"),
        ("GET", "/health/ready"),
        ("GET", "/metrics"),
        ("POST", "/upload"),
        ("GET", "/documents"),
        ("GET", "/documents/{document_id}"),
        ("PATCH", "/documents/{document_id}"),
        ("DELETE", "/documents/{document_id}"),
        ("POST", "/documents/{document_id}/retry"),
        ("PUT", "/documents/{document_id}/file"),
        ("GET", "/documents/{document_id}/versions"),
        ("GET", "/documents/{document_id}/translations/{translation_id}/pages"),
        ("GET", "/documents/{document_id}/file"),
        ("GET", "/documents/{document_id}/pages/{number}"),
        ("GET", "/documents/{document_id}/pages/{number}/image"),
        ("GET", "/documents/{document_id}/chunks"),
        ("GET", "/documents/{document_id}/report"),
        ("GET", "/collections"),
        ("POST", "/collections"),
        ("GET", "/collections/{name}"),
        ("PATCH", "/collections/{name}"),
        ("DELETE", "/collections/{name}"),
        ("POST", "/collections/{name}/reindex"),
        ("GET", "/jobs"),
        ("GET", "/jobs/{job_id}"),
        ("POST", "/jobs/{job_id}/cancel"),
        ("GET", "/jobs/{job_id}/events"),
        ("POST", "/search"),
        ("POST", "/ask"),
        ("GET", "/conversations"),
        ("GET", "/conversations/{conversation_id}"),
        ("DELETE", "/conversations/{conversation_id}"),
        ("POST", "/messages/{message_id}/feedback"),
        ("GET", "/glossaries"),
        ("POST", "/glossaries"),
        ("GET", "/glossaries/{name}"),
        ("PUT", "/glossaries/{name}"),
        ("DELETE", "/glossaries/{name}"),
        ("GET", "/glossaries/{name}/csv"),
        ("PUT", "/glossaries/{name}/csv"),
        ("POST", "/documents/{document_id}/translate"),
        ("GET", "/documents/{document_id}/translations"),
        ("GET", "/documents/{document_id}/translations/{translation_id}"),
        ("DELETE", "/documents/{document_id}/translations/{translation_id}"),
        ("GET", "/documents/{document_id}/translations/{translation_id}/file"),
        ("POST", "/documents/{document_id}/translations/{translation_id}/retry"),
        ("GET", "/webhooks"),
        ("POST", "/webhooks"),
        ("GET", "/webhooks/{webhook_id}"),
        ("PATCH", "/webhooks/{webhook_id}"),
        ("DELETE", "/webhooks/{webhook_id}"),
        ("POST", "/webhooks/{webhook_id}/rotate"),
        ("POST", "/webhooks/{webhook_id}/test"),
        ("GET", "/webhooks/{webhook_id}/deliveries"),
        ("POST", "/webhooks/{webhook_id}/deliveries/{delivery_id}/retry"),
        ("GET", "/audit"),
        ("GET", "/admin/settings"),
        ("GET", "/admin/usage"),
        ("GET", "/admin/evaluations"),
        ("GET", "/admin/evaluations/{run_id}"),
        ("GET", "/admin/evaluations/{run_id}/report"),
        ("GET", "/keys"),
        ("POST", "/keys"),
        ("PATCH", "/keys/{key_id}"),
        ("GET", "/keys/{key_id}"),
        ("DELETE", "/keys/{key_id}"),
        ("POST", "/keys/{key_id}/rotate"),
        ("POST", "/token"),
        ("POST", "/token/revoke"),
        ("GET", "/me"),
        ("PUT", "/me/password"),
        ("GET", "/auth"),
        ("GET", "/users"),
        ("POST", "/users"),
        ("GET", "/users/{user_id}"),
        ("PATCH", "/users/{user_id}"),
        ("DELETE", "/users/{user_id}"),
        ("GET", "/roles"),
    }


def test_every_call_has_a_summary_a_tag_and_a_plain_id(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))
    assert all(id_.isidentifier() for id_ in ids)
    for method, path, operation in operations(document):
        assert operation["summary"], (method, path)
        assert operation["tags"], (method, path)


def test_every_error_response_is_a_problem_with_an_example_of_each_code(document: dict[str, Any]) -> None:
    codes = {class_.code: class_ for class_ in every_class()}
    for method, path, operation in operations(document):
        responses = operation["responses"]
        assert {"403", "422", "500"} <= set(responses), (method, path)
        for status, response in responses.items():
            if int(status) < 400 or (path, status) == ("/health/ready", "503"):
                continue
            content = response["content"]["application/problem+json"]
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
            for code, example in content["examples"].items():
                assert codes[code].status == int(status) == example["value"]["status"]
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_every_call_that_takes_json_can_refuse_it(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        if "application/json" in operation.get("requestBody", {}).get("content", {}):
            assert {"400", "413", "415"} <= set(operation["responses"]), (method, path)


def has_example(schema: dict[str, Any], document: dict[str, Any], depth: int = 0) -> bool:
    """Whether the schema, or what it is made of, shows an example."""
    if depth > 8:
        return False
    if "examples" in schema or "example" in schema:
        return True
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return has_example(document["components"]["schemas"][name], document, depth + 1)
    parts = [*schema.get("properties", {}).values(), *schema.get("anyOf", []), schema.get("items", {})]
    return any(has_example(part, document, depth + 1) for part in parts if part)


def test_every_call_shows_an_example_of_what_it_takes_and_gives(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            assert has_example(content["schema"], document), (method, path)
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                continue
            for media_type, content in response.get("content", {}).items():
                binary = content.get("schema", {}).get("format") == "binary"
                shown = binary or "example" in content or has_example(content.get("schema", {}), document)
                assert shown, (method, path, media_type)


@pytest.mark.parametrize("module", [schemas_access, schemas_answers, schemas_documents, schemas_store])
def test_examples_are_valid(module: Any) -> None:
    checked = 0
    for model in vars(module).values():
        if not (isinstance(model, type) and issubclass(model, BaseModel)):
            continue
        extra: Any = model.model_config.get("json_schema_extra") or {}
        for example in extra.get("examples", ()):
            model.model_validate_json(json.dumps(example))
            checked += 1
    assert checked


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if "$ref" in value:
                assert value["$ref"].removeprefix("#/components/schemas/") in schemas
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(document)


def test_the_document_is_the_same_when_asked_twice(app: FastAPI) -> None:
    assert json.dumps(app.openapi()) == json.dumps(app.openapi())

"""Holding requests against a platform's own OpenAPI or discovery document: as much of JSON Schema as those use."""

from __future__ import annotations

import functools
import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

FOLDER = os.environ.get("KOOR_TEST_SPECS", "")  # documents of others, which are not ours to copy
KINDS: dict[str, Any] = {
    "object": dict, "array": list, "string": str | bytes, "integer": int, "boolean": bool, "number": int | float,
}  # fmt: skip


class Specification:
    """A document, and what it says of a request."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    def check(self, method: str, url: str, body: Any = None) -> None:
        """Fails when the document has no such operation, or takes no such query or body."""
        parts = urlsplit(url)
        operation = self._operation(method, parts.path)
        known = {one["name"]: one for one in map(self._whole, operation.get("parameters", [])) if one["in"] == "query"}
        asked = dict(parse_qsl(parts.query))
        assert set(asked) <= set(known), f"{method} {parts.path} takes no {set(asked) - set(known)}"
        missing = {name for name, one in known.items() if one.get("required")} - set(asked)
        assert not missing, f"{method} {parts.path} needs {missing}"
        for name, value in asked.items():
            self._query(known[name], value)
        content = operation.get("requestBody", {}).get("content", {})
        if body is not None:
            assert content, f"{method} {parts.path} takes no body"
            self.fits(next(iter(content.values()))["schema"], body, parts.path)

    def _operation(self, method: str, path: str) -> dict[str, Any]:
        for known, operations in self.document["paths"].items():
            pattern = "/".join("[^/]+" if part.startswith("{") else re.escape(part) for part in known.split("/"))
            if re.fullmatch(pattern, path) and method.lower() in operations:
                found: dict[str, Any] = operations[method.lower()]
                return found
        raise AssertionError(f"there is no {method} {path}")

    def _whole(self, found: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in found:
            steps = found["$ref"].removeprefix("#/").split("/")
            found = functools.reduce(lambda place, step: place[step], steps, self.document)
        return found

    def _query(self, parameter: dict[str, Any], value: str) -> None:
        schema = self._whole(parameter["schema"])
        if schema.get("type") == "integer":
            self.fits(schema, int(value), parameter["name"])
        elif schema.get("type") == "array":
            self.fits(schema, value.split(","), parameter["name"])
        elif schema.get("type") == "boolean":
            assert value in ("true", "false"), parameter["name"]
        else:
            self.fits(schema, value, parameter["name"])

    def fits(self, schema: dict[str, Any], value: Any, at: str) -> None:
        """Fails when a value is not as a schema says."""
        schema = self._whole(schema)
        if several := schema.get("anyOf") or schema.get("oneOf"):
            assert any(self._does_fit(one, value, at) for one in several), f"{at}: {value!r} fits none"
            return
        kind = schema.get("type")
        if kind:
            right = isinstance(value, KINDS[kind]) and (kind == "boolean") == isinstance(value, bool)
            assert right, f"{at}: {value!r} is no {kind}"
        assert "enum" not in schema or value in schema["enum"], f"{at}: {value!r} is none of {schema['enum']}"
        self._sizes(schema, value, at)
        if isinstance(value, dict):
            self._object(schema, value, at)
        elif isinstance(value, list):
            for number, one in enumerate(value):
                self.fits(schema.get("items", {}), one, f"{at}[{number}]")

    def _does_fit(self, schema: dict[str, Any], value: Any, at: str) -> bool:
        try:
            self.fits(schema, value, at)
        except AssertionError:
            return False
        return True

    @staticmethod
    def _sizes(schema: dict[str, Any], value: Any, at: str) -> None:
        if isinstance(value, str):
            assert "pattern" not in schema or re.search(schema["pattern"], value), f"{at}: {value!r}"
        if isinstance(value, str | list):
            few, many = ("minLength", "maxLength") if isinstance(value, str) else ("minItems", "maxItems")
            assert schema.get(few, 0) <= len(value) <= schema.get(many, len(value)), f"{at}: {len(value)} long"
        elif isinstance(value, int | float) and not isinstance(value, bool):
            assert schema.get("minimum", value) <= value <= schema.get("maximum", value), f"{at}: {value}"

    def _object(self, schema: dict[str, Any], value: dict[str, Any], at: str) -> None:
        known = schema.get("properties", {})
        assert set(schema.get("required", ())) <= set(value), f"{at} lacks {set(schema['required']) - set(value)}"
        if schema.get("additionalProperties") is False:
            assert set(value) <= set(known), f"{at} has no {set(value) - set(known)}"
        for name, one in value.items():
            if name in known:
                self.fits(known[name], one, f"{at}.{name}")


def from_discovery(found: dict[str, Any]) -> dict[str, Any]:
    """A Google discovery document as far as an OpenAPI document says the same. Bodies may hold nothing else."""
    paths: dict[str, Any] = {}
    for method in _methods(found):
        named = {**found["parameters"], **method.get("parameters", {})}
        asked = [
            {"name": name, "in": one.get("location", "query"), "required": one.get("required", False),
             "schema": {"type": "array", "items": {"type": "string"}} if one.get("repeated") else _as_json(one)}
            for name, one in named.items()
        ]  # fmt: skip
        operation: dict[str, Any] = {"parameters": asked}
        if "request" in method:
            body = {"$ref": f"#/schemas/{method['request']['$ref']}"}
            operation["requestBody"] = {"content": {"application/json": {"schema": body}}}
        for path in (f"/{method['path']}", f"/upload/{method['path']}"):
            paths.setdefault(path, {})[method["httpMethod"].lower()] = operation
    return {"paths": paths, "schemas": {name: _as_json(schema) for name, schema in found["schemas"].items()}}


def _methods(found: dict[str, Any]) -> list[dict[str, Any]]:
    own = list(found.get("methods", {}).values())
    return own + [method for one in found.get("resources", {}).values() for method in _methods(one)]


def _as_json(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema of Google's: references are to names, and what it does not know it does not take."""
    if "$ref" in schema:
        return {"$ref": f"#/schemas/{schema['$ref']}"}
    made: dict[str, Any] = {key: schema[key] for key in ("type", "enum", "pattern") if key in schema}
    if made.get("type") == "any":
        del made["type"]
    if "properties" in schema:
        made["properties"] = {name: _as_json(one) for name, one in schema["properties"].items()}
        made["additionalProperties"] = False
    if "items" in schema:
        made["items"] = _as_json(schema["items"])
    return made


@functools.cache
def specification(name: str) -> Specification:
    """The document of a platform. Skips the test where it is not on this machine."""
    path = Path(FOLDER, name) if FOLDER else None
    if path is None or not path.is_file():
        pytest.skip(f"{name} is not in KOOR_TEST_SPECS")
    document = json.loads(path.read_text())
    return Specification(from_discovery(document) if "discoveryVersion" in document else document)

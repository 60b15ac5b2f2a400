"""
Google's APIs as its own discovery documents describe them: routes, parameters and schemas.

The documents beside this file are cut from those in google-api-python-client by
`tools/prune_discovery.py`: all routes, so that one that is not served can be named, and the
schemas of what is served.
"""

import functools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from fake_google.wire import Json

_REMEMBERED = 10_000

_UNDESCRIBED = ("returnPartialSuccess", "upload_id")
"""Parameters that are taken, and that the documents at most speak of."""

DOCUMENTS = Path(__file__).with_name("discovery")


@dataclass(frozen=True)
class Method:
    """A method of an API: its route and, where it is served, what it takes."""

    api: str
    name: str
    """Without the API: `regionInstanceGroupManagers.patch`."""
    verb: str
    route: re.Pattern[str]
    parameters: Json
    request: str | None


@dataclass
class Api:
    """One API: its methods by verb, and its schemas."""

    name: str
    common_parameters: frozenset[str]
    schemas: Json
    methods: dict[str, list[Method]] = field(default_factory=dict)
    matched: dict[tuple[str, str], tuple[Method, dict[str, str]] | None] = field(
        default_factory=dict
    )
    """What was found for paths lately: Compute Engine has a thousand methods."""

    def match(self, verb: str, path: str) -> tuple[Method, dict[str, str]] | None:
        """The method that answers *verb* on *path*, with the path's parameters."""
        key = (verb, path)
        if key not in self.matched:
            if len(self.matched) > _REMEMBERED:
                self.matched.clear()
            self.matched[key] = self._match(verb, path)
        found = self.matched[key]
        return found and (found[0], dict(found[1]))

    def _match(self, verb: str, path: str) -> tuple[Method, dict[str, str]] | None:
        for method in self.methods.get(verb, []):
            found = method.route.fullmatch(path)
            # Of all names only an object's may have a slash, which is then encoded.
            if found and ("object" in found.groupdict() or "%2F" not in path.upper()):
                return method, {key: unquote(value) for key, value in found.groupdict().items()}
        return None

    def parameter_faults(self, method: Method, query: dict[str, str]) -> Iterator[str]:
        """What Google would refuse in a query, one sentence each."""
        # The provider repeats a field of the body, `updateMask`, in the query, and may.
        fields = self.schemas[method.request].get("properties", {}) if method.request else {}
        for name, value in sorted(query.items()):
            if name in method.parameters:
                schema = method.parameters[name]
                if not _reads(schema, value):
                    yield f'Invalid value at "{name}" ({schema["type"]}), {json.dumps(value)}'
            elif name not in self.common_parameters and name not in (*fields, *_UNDESCRIBED):
                yield f'Unknown name "{name}": Cannot bind query parameter.'

    def faults(self, schema: str, value: Any) -> Iterator[str]:
        """What Google would refuse in a request body, one sentence each."""
        yield from self._faults(self.schemas[schema], value, "")

    def writable(self, schema: str, value: Json, keep_nulls: bool) -> Json:
        """
        A request body as Google takes it in.

        That is without what only Google sets, enums that are empty, and items that are null. A
        null field, which in a PATCH takes a value away, is kept on request.
        """
        cleaned: Json = self._writable({"$ref": schema}, value, keep_nulls)
        return cleaned

    def _faults(self, schema: Json, value: Any, path: str) -> Iterator[str]:
        if value is None:
            return
        if "$ref" in schema:
            schema = self.schemas[schema["$ref"]]
        kind = schema.get("type", "any")
        where = f' at "{path}"' if path else ""
        if kind == "object":
            if not isinstance(value, dict):
                yield f"Invalid value{where}, starting an object was expected."
                return
            properties = schema.get("properties", {})
            others = schema.get("additionalProperties")
            for key, item in value.items():
                if key in properties:
                    yield from self._faults(properties[key], item, _below(path, key))
                elif others:
                    yield from self._faults(others, item, _below(path, key))
                else:
                    yield f'Unknown name "{key}"{where}: Cannot find field.'
        elif kind == "array":
            if not isinstance(value, list):
                yield f"Invalid value{where}, starting an array was expected."
                return
            for index, item in enumerate(value):
                yield from self._faults(schema.get("items", {}), item, f"{path}[{index}]")
        elif not _fits(kind, schema, value):
            yield f"Invalid value{where} ({kind}), {json.dumps(value)}"

    def _writable(self, schema: Json, value: Any, keep_nulls: bool) -> Any:
        if "$ref" in schema:
            schema = self.schemas[schema["$ref"]]
        if isinstance(value, dict):
            properties, others = (
                schema.get("properties", {}),
                schema.get("additionalProperties", {}),
            )
            return {
                key: self._writable(properties.get(key, others), item, keep_nulls)
                for key, item in value.items()
                if not properties.get(key, {}).get("readOnly")
                and not (item is None and not keep_nulls)
                and not (item == "" and "enum" in properties.get(key, {}))
            }
        if isinstance(value, list):
            items = schema.get("items", {})
            return [self._writable(items, item, keep_nulls) for item in value if item is not None]
        return value


@functools.cache
def load() -> dict[str, Api]:
    """Every API, by its name without the version: `compute`. Read once, and never changed."""
    return {path.name.partition(".")[0]: _api(path) for path in sorted(DOCUMENTS.glob("*.json"))}


def _api(path: Path) -> Api:
    document = json.loads(path.read_text(encoding="utf-8"))
    name = path.name.partition(".")[0]
    api = Api(name, frozenset(document["parameters"]), document["schemas"])
    # The longer template first: `{+name}:destroy` before `{+name}`.
    by_length = sorted(
        document["methods"].items(), key=lambda item: (-len(item[1]["path"]), item[0])
    )
    for id_, method in by_length:
        # The older APIs have their version in the address of the service.
        template = f"v1/{method['path'].removeprefix('v1/')}"
        api.methods.setdefault(method["verb"], []).append(
            Method(
                api=name,
                name=id_,
                verb=method["verb"],
                route=_route(template, method.get("patterns", {})),
                parameters=method.get("parameters", {}),
                request=method.get("request"),
            )
        )
    return api


def _route(template: str, patterns: dict[str, str]) -> re.Pattern[str]:
    parts = []
    for literal, name in re.findall(r"([^{]+)|\{\+?(\w+)\}", template):
        if literal:
            parts.append(re.escape(literal))
        else:
            pattern = patterns.get(name, "[^/]+").removeprefix("^").removesuffix("$")
            parts.append(f"(?P<{name}>{pattern})")
    return re.compile("".join(parts))


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _fits(kind: str, schema: Json, value: Any) -> bool:
    if kind == "boolean" or isinstance(value, bool):
        return kind in ("boolean", "any") and isinstance(value, bool)
    if kind in ("integer", "number"):
        return isinstance(value, int if kind == "integer" else int | float)
    if kind == "string":
        # 64-bit integers travel as text, and are taken as numbers too.
        if schema.get("format") in ("int64", "uint64"):
            return isinstance(value, int) or (isinstance(value, str) and _is_integer(value))
        # The provider sends an enum that is not set as an empty text, which Google takes for that.
        return isinstance(value, str) and value in ("", *schema.get("enum", [value]))
    return True


def _reads(schema: Json, text: str) -> bool:
    """Whether a query's *text* is a value of the type."""
    if schema["type"] == "boolean":
        return text.lower() in ("true", "false")
    if schema["type"] == "integer" or schema.get("format") in ("int64", "uint64"):
        return _is_integer(text)
    return text in ("", *schema.get("enum", [text]))


def _is_integer(text: str) -> bool:
    return re.fullmatch("-?[0-9]{1,20}", text) is not None

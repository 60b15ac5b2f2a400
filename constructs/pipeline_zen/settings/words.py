"""pydantic's errors in the words of the settings."""

import json
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, get_args

from pipeline_zen.settings.model import IN_WORDS, EnvironmentFile, Section

UNKNOWN_NAME = ("extra_forbidden", "invalid_key")
"""pydantic's errors about a name, rather than about what stands under it."""

_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "tuple_type": "a list",
}


def reword(error: Mapping[str, Any], loc: tuple[str | int, ...]) -> tuple[str, str]:
    """The message and the hint for one of pydantic's errors at *loc*."""
    kind, got, context = error["type"], error["input"], error.get("ctx", {})
    message, hint = str(error["msg"]), _meaning(loc)
    if kind in UNKNOWN_NAME:
        message, hint = "unknown setting", choices(str(loc[-1]), _settings_at(loc[:-1]))
    elif kind == "missing":
        message, hint = "missing", f"Add it. {hint}".rstrip()
    elif kind in _WANTED:
        message = f"must be {_WANTED[kind]}, got {show(got)}"
    elif kind == "string_pattern_mismatch":
        message, hint = f"got {show(got)}", f"It must be {IN_WORDS[context['pattern']]}."
    elif kind == "literal_error":
        allowed = context["expected"].replace(" or ", ", ").replace("'", "").split(", ")
        message, hint = f"got {show(got)}", choices(str(got), allowed)
    elif kind == "greater_than_equal":
        message = f"must be at least {context['ge']}, got {show(got)}"
    elif kind == "less_than_equal":
        message = f"must be at most {context['le']}, got {show(got)}"
    elif kind in ("too_short", "string_too_short"):
        message = "must not be empty"
    return message, hint


def did_you_mean(got: str, options: Iterable[str]) -> str:
    """The nearest of *options* as a question; empty where none is near."""
    known = list(options)
    # What has all the words and one more is nearer than what is spelt alike: of nvidia-v100,
    # nvidia-tesla-v100 rather than nvidia-b200.
    longer = [option for option in known if set(got.split("-")) <= set(option.split("-"))]
    near = get_close_matches(got, longer, n=1) or get_close_matches(got, known, n=1)
    return f'Did you mean "{near[0]}"? ' if near else ""


def choices(got: str, allowed: Iterable[str]) -> str:
    """The nearest of *allowed*, where one is near, and all of them."""
    options = list(allowed)
    return f"{did_you_mean(got, options)}Allowed: {', '.join(options)}."


def show(value: object) -> str:
    """A value as it would stand in YAML; what is no scalar, by its kind."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str | bool | int | float):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _settings_at(loc: tuple[str | int, ...]) -> list[str]:
    model: type[Section] | None = EnvironmentFile
    for key in loc:
        field = model.model_fields.get(str(key)) if model else None
        # A key that is no setting is a name in a mapping, such as a fleet's.
        model = _model_in(field.annotation) if field else model
    return sorted(model.model_fields) if model else []


def _meaning(loc: tuple[str | int, ...]) -> str:
    model: type[Section] | None = EnvironmentFile
    description = ""
    for key in loc:
        field = model.model_fields.get(str(key)) if model else None
        if field:
            description = " ".join((field.description or "").split())
            model = _model_in(field.annotation) or model
    return description


def _model_in(annotation: Any) -> type[Section] | None:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)

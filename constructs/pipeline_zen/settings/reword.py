"""pydantic's errors in the words of the settings, with what to write instead."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, get_args

from pipeline_zen import catalog
from pipeline_zen.settings.forms import IN_WORDS, REGION
from pipeline_zen.settings.model import EnvironmentFile, Section
from pipeline_zen.settings.problems import CORRECTED, Defect, Key, Loc
from pipeline_zen.settings.proposals import nearest_as_yaml, proposal
from pipeline_zen.settings.tree import Entry
from pipeline_zen.settings.words import choices, show

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

_AS = {
    "string_type": "Put it in quotes",
    "int_type": "As a number",
    "bool_type": "Without quotes",
    "tuple_type": "As a list",
}
"""How a value of another type is written, in front of the corrected line."""


class _Wording(NamedTuple):
    message: str
    hint: str
    instead: str | None = None


def reword(error: Mapping[str, Any], document: Entry) -> Defect:
    """One of pydantic's errors about a *document*, as a defect of its settings."""
    loc = setting(error)
    at_key = error["type"] in UNKNOWN_NAME or error["loc"][-1] == "[key]"
    above = document.find(loc[:-1])
    beside = list(above.children) if above else []
    if error["type"] in UNKNOWN_NAME:
        said = _unknown(loc, beside)
    elif error["type"] == "literal_error":
        allowed = re.findall(r"'([^']*)'", error["ctx"]["expected"])
        got = str(error["input"])
        said = _Wording(
            f"got {show(error['input'])}", choices(got, allowed), nearest_as_yaml(got, allowed)
        )
    else:
        entry = document.find(loc)
        written = str(loc[-1]) if at_key else entry.written if entry else ""
        said = _of_a_value(error, loc)
        if error["type"] in ("string_pattern_mismatch", *_WANTED):
            instead = proposal(loc, error["input"], written, key=at_key, taken=beside)
            said = _proposing(said, error["type"], instead)
    return Defect(loc, said.message, said.hint, at_key=at_key, instead=said.instead)


def setting(error: Mapping[str, Any]) -> Loc:
    """The setting that one of pydantic's errors is about."""
    return tuple(key for key in error["loc"] if key != "[key]")


def _unknown(loc: Loc, beside: Sequence[Key]) -> _Wording:
    known = _settings_at(loc[:-1])
    free = [name for name in known if name not in beside]
    got = str(loc[-1])
    near = nearest_as_yaml(got, free)
    question = f'Did you mean "{near}"? ' if near else ""
    return _Wording("unknown setting", f"{question}Allowed: {', '.join(known)}.", near)


def _of_a_value(error: Mapping[str, Any], loc: Loc) -> _Wording:
    """The words for an error about what stands under a name, or about its form."""
    kind, context = error["type"], error.get("ctx", {})
    got, meaning = show(error["input"]), _meaning(loc)
    messages = {
        "missing": ("missing", f"Add it. {meaning}".rstrip()),
        "greater_than_equal": (f"must be at least {context.get('ge')}, got {got}", meaning),
        "less_than_equal": (f"must be at most {context.get('le')}, got {got}", meaning),
        "too_short": ("must not be empty", meaning),
        "string_too_short": ("must not be empty", meaning),
        **{name: (f"must be {wanted}, got {got}", meaning) for name, wanted in _WANTED.items()},
    }
    if kind == "string_pattern_mismatch":
        return _Wording(f"got {got}", f"It must be {IN_WORDS[context['pattern']]}.")
    return _Wording(*messages.get(kind, (str(error["msg"]), meaning)))


def _proposing(said: _Wording, kind: str, instead: str | None) -> _Wording:
    """The same with the proposal in its hint, where there is one."""
    if not instead:
        if said.hint == f"It must be {IN_WORDS[REGION]}.":
            return said._replace(hint=f"{said.hint} Known: {', '.join(catalog.regions())}.")
        return said
    if kind in _AS:
        return _Wording(said.message, f"{said.hint} {_AS[kind]}: {CORRECTED}".strip(), instead)
    shown = instead if instead.startswith("'") else f'"{instead}"'
    return _Wording(said.message, f"Did you mean {shown}? {said.hint}", instead)


def _settings_at(loc: Loc) -> list[str]:
    model: type[Section] | None = EnvironmentFile
    for key in loc:
        field = model.model_fields.get(str(key)) if model else None
        # A key that is no setting is a name in a mapping, such as a fleet's.
        model = _model_in(field.annotation) if field else model
    return sorted(model.model_fields) if model else []


def _meaning(loc: Loc) -> str:
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

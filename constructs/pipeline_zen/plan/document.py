"""
The JSON of a plan: the parts that are read, with everything else left out by the decoder.

Its form is OpenTofu's `internal/command/jsonplan`, version 1.x.
"""

import re
from itertools import accumulate, chain
from typing import Any

import msgspec

from pipeline_zen.errors import UserError
from pipeline_zen.masking import masked_text

FORMAT = "1."
SHOW = "tofu show -json PLAN"

DEEPEST = 100
"""Levels of mappings and lists that are read; the provider's own have a dozen."""

_TEXT = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


class PlanError(UserError):
    """This is no plan that can be read; the text says why and what to do."""


class Importing(msgspec.Struct):
    """By what something is imported: an id, or what its provider calls its identity."""

    id: str | None = None
    identity: msgspec.Raw = msgspec.Raw(b"null")


class RawChange(msgspec.Struct):
    """What becomes of an object. The values stay undecoded until somebody asks for them."""

    actions: list[str]
    before: msgspec.Raw = msgspec.Raw(b"null")
    after: msgspec.Raw = msgspec.Raw(b"null")
    after_unknown: msgspec.Raw = msgspec.Raw(b"false")
    before_sensitive: msgspec.Raw = msgspec.Raw(b"false")
    after_sensitive: msgspec.Raw = msgspec.Raw(b"false")
    replace_paths: list[list[str | int]] = []
    importing: Importing | None = None


class RawResource(msgspec.Struct):
    """An entry of `resource_changes` or `resource_drift`."""

    address: str
    mode: str
    type: str
    name: str
    change: RawChange
    provider_name: str = ""
    previous_address: str = ""
    deposed: str = ""
    action_reason: str = ""


class RawOutput(msgspec.Struct):
    """An entry of `output_changes`; its values are not even looked at."""

    actions: list[str]


class Configured(msgspec.Struct):
    """A resource in the configuration: that it is there, and whether it may come to none."""

    address: str
    mode: str
    count_expression: msgspec.Raw = msgspec.Raw()
    for_each_expression: msgspec.Raw = msgspec.Raw()
    enabled_expression: msgspec.Raw = msgspec.Raw()


class ConfiguredModule(msgspec.Struct):
    """A module in the configuration."""

    resources: list[Configured] = []
    module_calls: dict[str, "ModuleCall"] = {}


class ModuleCall(msgspec.Struct):
    """A module that another one uses, and whether it may come to none."""

    module: ConfiguredModule = msgspec.field(default_factory=ConfiguredModule)
    count_expression: msgspec.Raw = msgspec.Raw()
    for_each_expression: msgspec.Raw = msgspec.Raw()
    enabled_expression: msgspec.Raw = msgspec.Raw()


class Configuration(msgspec.Struct):
    """`configuration`, as far as it tells whether the plan is of all of it."""

    root_module: ConfiguredModule = msgspec.field(default_factory=ConfiguredModule)


class RawPlan(msgspec.Struct):
    """A plan, or, by mistake, a state, which has `values` instead."""

    format_version: str = ""
    terraform_version: str = "unknown"
    resource_changes: list[RawResource] = []
    resource_drift: list[RawResource] = []
    output_changes: dict[str, RawOutput] = {}
    configuration: Configuration | None = None
    planned_values: msgspec.Raw = msgspec.Raw()
    values: msgspec.Raw = msgspec.Raw()
    errored: bool = False


_DECODER = msgspec.json.Decoder(RawPlan)
_VALUES = msgspec.json.Decoder(float_hook=float)
"""Takes a number that is too large for infinity, where it would be refused otherwise."""


def decode(data: bytes) -> RawPlan:
    """The document in *data*. Raises PlanError for anything that is not the JSON of a plan."""
    if not data.strip():
        raise PlanError(f"It is empty: give it what `{SHOW}` prints")
    if not data.lstrip().startswith(b"{"):
        first = masked_text(data.lstrip()[:100].decode(errors="replace").splitlines()[0])
        raise PlanError(
            f"It does not begin with JSON, but with {first!r}: OpenTofu's warnings go to the same "
            f"place as its JSON, so see to what it says, and give only what `{SHOW}` prints"
        )
    document = _parsed(data)
    _refuse_others(document)
    for resource in chain(document.resource_changes, document.resource_drift):
        if any(map(_too_deep, _values(resource.change))):
            raise PlanError(
                f"{masked_text(resource.address)}: its values are nested more than {DEEPEST} "
                "levels deep, and are not read: see what writes such a thing"
            )
    return document


def _parsed(data: bytes) -> RawPlan:
    try:
        if not data.isascii():
            data.decode()  # What is decoded later is not looked at until then.
        return _DECODER.decode(data)
    except msgspec.ValidationError as error:
        # Only where it is wrong: the message may quote what stands there.
        where = str(error).rpartition(" - at ")[2] if " - at " in str(error) else "its top"
        raise PlanError(
            f"It is not what `{SHOW}` prints: something else is expected at {masked_text(where)}"
        ) from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise PlanError(f"Its JSON is damaged or cut short: write it anew with `{SHOW}`") from None


def _refuse_others(document: RawPlan) -> None:
    """Refuse JSON that is no plan, or none of a form that is known."""
    if bytes(document.values) and not bytes(document.planned_values):
        raise PlanError(f"It is a state, not a plan: give it what `{SHOW}` prints of a saved plan")
    if not document.format_version:
        raise PlanError(f"It has no format_version, so it is no plan: give what `{SHOW}` prints")
    if not document.format_version.startswith(FORMAT):
        raise PlanError(
            f"Its format is {masked_text(document.format_version)!r}, and only {FORMAT}x is known: "
            "use a version of this project that is as new as your OpenTofu"
        )
    if not bytes(document.planned_values):
        raise PlanError(f"It has no planned_values, so it is no plan: give what `{SHOW}` prints")


def decoded(raw: msgspec.Raw) -> Any:
    """What stands in a part that was left undecoded. Raises PlanError where it cannot be read."""
    try:
        return _VALUES.decode(raw) if bytes(raw) else None
    except msgspec.DecodeError:
        raise PlanError(
            "A number in it has too many digits to be read: see what writes such a thing"
        ) from None


def _values(change: RawChange) -> tuple[msgspec.Raw, ...]:
    """All of it that is decoded later."""
    return (
        change.before,
        change.after,
        change.after_unknown,
        change.before_sensitive,
        change.after_sensitive,
        *((change.importing.identity,) if change.importing else ()),
    )


def _too_deep(raw: msgspec.Raw) -> bool:
    text = bytes(raw)
    # Almost always there are too few brackets in it for that, and counting them is quick.
    if text.count(b"{") + text.count(b"[") <= DEEPEST:
        return False
    brackets = _TEXT.sub(b"", text).translate(None, _NO_BRACKETS)
    return (
        max(accumulate(1 if bracket in b"[{" else -1 for bracket in brackets), default=0) > DEEPEST
    )

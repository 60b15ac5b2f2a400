"""
The JSON of a plan as values: the parts that are read, and what is known to be of no concern.

Its form is OpenTofu's `internal/command/jsonplan`, version 1.x.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec

from pipeline_zen.errors import UserError


class PlanError(UserError):
    """A plan that cannot be read; the text says why and what to do."""


ABSENT = msgspec.Raw()
"""What stands for a part that is not there."""


class Importing(msgspec.Struct):
    """What something is imported by: an id, or what its provider calls its identity."""

    id: str | None = None
    identity: msgspec.Raw = msgspec.Raw(b"null")


class RawChange(msgspec.Struct, eq=False):
    """
    What becomes of an object. The values stay undecoded until somebody asks for them.

    Each is equal to itself alone, which is quick to tell.
    """

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
    """An entry of `output_changes`; its values are never shown."""

    actions: list[str]
    before: msgspec.Raw = msgspec.Raw(b"null")
    after: msgspec.Raw = msgspec.Raw(b"null")
    after_unknown: msgspec.Raw = msgspec.Raw(b"false")
    before_sensitive: msgspec.Raw = msgspec.Raw(b"false")
    after_sensitive: msgspec.Raw = msgspec.Raw(b"false")


class CheckedThing(msgspec.Struct):
    """What a check is of, as it is shown."""

    to_display: str = ""


class CheckProblem(msgspec.Struct):
    """Why a check fails."""

    message: str = ""


class CheckInstance(msgspec.Struct):
    """The result of a check for one of several things."""

    address: CheckedThing = msgspec.field(default_factory=CheckedThing)
    status: str = "unknown"
    problems: list[CheckProblem] = []


class RawCheck(msgspec.Struct):
    """An entry of `checks`: a `check` block, or the conditions of a resource or an output."""

    address: CheckedThing = msgspec.field(default_factory=CheckedThing)
    status: str = "unknown"
    instances: list[CheckInstance] = []


class Provisioner(msgspec.Struct):
    """A program that runs when a resource is made, or goes."""

    type: str = ""
    expressions: msgspec.Raw = ABSENT


class Configured(msgspec.Struct):
    """A resource in the configuration: that it is there, and whether it may come to none."""

    address: str
    mode: str
    type: str = ""
    expressions: msgspec.Raw = ABSENT
    """What its attributes are given; never shown, as there may be secrets in it."""
    count_expression: msgspec.Raw = ABSENT
    for_each_expression: msgspec.Raw = ABSENT
    enabled_expression: msgspec.Raw = ABSENT
    provisioners: list[Provisioner] = []


class ConfiguredOutput(msgspec.Struct):
    """What a module gives out, as it is written."""

    expression: msgspec.Raw = ABSENT


class ConfiguredModule(msgspec.Struct):
    """A module in the configuration."""

    resources: list[Configured] = []
    outputs: dict[str, ConfiguredOutput] = {}
    module_calls: "dict[str, ModuleCall]" = {}


class ModuleCall(msgspec.Struct):
    """A module that another one uses, and whether it may come to none."""

    module: ConfiguredModule = msgspec.field(default_factory=ConfiguredModule)
    expressions: msgspec.Raw = ABSENT
    """What its variables are given."""
    count_expression: msgspec.Raw = ABSENT
    for_each_expression: msgspec.Raw = ABSENT
    enabled_expression: msgspec.Raw = ABSENT


class ConfiguredProvider(msgspec.Struct):
    """A provider as the configuration sets it up."""

    name: str = ""
    full_name: str = ""
    alias: str = ""
    module_address: str = ""
    expressions: msgspec.Raw = ABSENT
    """What its arguments are given; never shown, as there may be secrets in it."""


class Configuration(msgspec.Struct):
    """`configuration`, as far as it tells whether the plan is of all of it, and by whom."""

    provider_config: dict[str, ConfiguredProvider] = {}

    root_module: ConfiguredModule = msgspec.field(default_factory=ConfiguredModule)


class RelevantAttribute(msgspec.Struct):
    """An attribute of a resource that what changes takes something from, be it by a local."""

    resource: str = ""
    attribute: list[str | int | float] = []
    """The steps to it; none where it is all of the resource."""


class StateResource(msgspec.Struct):
    """Something in a state: where it is, and nothing else of it."""

    address: str = ""
    mode: str = "managed"


class StateModule(msgspec.Struct):
    """A module of a state."""

    resources: list[StateResource] = []
    child_modules: "list[StateModule]" = []


class StateValues(msgspec.Struct):
    """What is there, as `values` of a state has it, and `planned_values` of a plan."""

    root_module: StateModule = msgspec.field(default_factory=StateModule)


class State(msgspec.Struct):
    """`prior_state`, as far as it tells what was there."""

    values: StateValues = msgspec.field(default_factory=StateValues)


class RawPlan(msgspec.Struct):
    """A plan, or, by mistake, a state, which has `values` instead."""

    format_version: str = ""
    terraform_version: str = "unknown"
    resource_changes: Sequence[RawResource] = ()
    resource_drift: Sequence[RawResource] = ()
    output_changes: Mapping[str, RawOutput] = {}
    configuration: Configuration | None = None
    relevant_attributes: Sequence[RelevantAttribute] = ()
    checks: list[RawCheck] = []
    complete: bool = True
    deferred_changes: list[msgspec.Raw] = []
    action_invocations: list[msgspec.Raw] = []
    deferred_action_invocations: list[msgspec.Raw] = []
    planned_values: msgspec.Raw = ABSENT
    prior_state: State | None = None
    values: msgspec.Raw = ABSENT
    errored: bool = False


_VALUES = msgspec.json.Decoder(float_hook=float)
"""Takes a number that is too large for infinity, where it would be refused otherwise."""


def decoded(raw: msgspec.Raw) -> Any:
    """What stands in a part that was left undecoded. Raises PlanError where it cannot be read."""
    if raw is ABSENT:
        return None
    try:
        return _VALUES.decode(raw)
    except UnicodeDecodeError:
        raise PlanError("A text in it is no UTF-8: see what writes such a thing") from None
    except msgspec.DecodeError:
        raise PlanError(
            "A number in it has too many digits to be read: see what writes such a thing"
        ) from None


def decoded_keys(raw: msgspec.Raw, keys: tuple[str, ...]) -> Any:
    """What stands under *keys* of an undecoded object; one that is none is decoded whole."""
    try:
        found = _some(keys).decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        # It is no object, or cannot be read, which is told there.
        return decoded(raw)
    if found is None:
        return None
    values = ((key, getattr(found, key)) for key in keys)
    return {key: value for key, value in values if value is not msgspec.UNSET}


@cache
def _some(keys: tuple[str, ...]) -> msgspec.json.Decoder[Any]:
    fields = [(key, Any, msgspec.UNSET) for key in keys]
    return msgspec.json.Decoder(msgspec.defstruct("Some", fields) | None, float_hook=float)

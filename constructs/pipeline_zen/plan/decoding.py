"""Bytes -> the JSON of a plan; what is none is refused by name, with what to give instead."""

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import msgspec

from pipeline_zen.masking import DEEPEST, masked_text, too_deep
from pipeline_zen.plan.document import (
    ABSENT,
    PlanError,
    RawChange,
    RawOutput,
    RawPlan,
    RawResource,
    StateValues,
)

FORMAT = "1."
SHOW = "tofu show -json PLAN"

MOST_TYPES = 5_000
"""Types that a plan can be of; Google's provider has some 1,300."""

_UNKNOWN = re.compile(r"Object contains unknown field `(.*?)`(?: - at `([^`]*)`)?", re.DOTALL)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class _Change(RawChange, forbid_unknown_fields=True):
    """All that may stand there; what is named here is of no concern."""

    generated_config: msgspec.Raw = msgspec.Raw()
    before_identity: msgspec.Raw = msgspec.Raw()
    after_identity: msgspec.Raw = msgspec.Raw()


class _Resource(RawResource, forbid_unknown_fields=True):
    change: _Change
    module_address: msgspec.Raw = msgspec.Raw()
    index: msgspec.Raw = msgspec.Raw()


class _Output(RawOutput, forbid_unknown_fields=True):
    """All that may stand there."""


class _Plan(RawPlan):
    """All that may stand there."""

    resource_changes: Sequence[_Resource] = ()
    resource_drift: Sequence[_Resource] = ()
    output_changes: Mapping[str, _Output] = msgspec.field(default_factory=dict)
    applyable: msgspec.Raw = msgspec.Raw()
    timestamp: msgspec.Raw = msgspec.Raw()
    variables: msgspec.Raw = msgspec.Raw()


_FIRST = re.compile(rb"\S")
_TOP = re.compile(rb'\s*[{,]\s*("(?:[^"\\]|\\.)*")\s*:\s*')
"""The next key of the object that a plan is."""

_KEYS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_KEY = msgspec.json.Decoder(str)
_KNOWN, _PASSED = (
    {field.encode_name: msgspec.json.Decoder(field.type) for field in msgspec.structs.fields(plan)}
    for plan in (_Plan, RawPlan)
)
"""What reads each part of a plan: all that may stand there, and what is read of it at all."""

_AFTER = msgspec.json.Decoder(StateValues | None)
_END = 65_536
"""Bytes at both ends of a part by which it is known again."""


def decode(data: bytes) -> tuple[RawPlan, str]:
    """
    The document in *data*, and the path of a key that is not known; empty where all are.

    Raises PlanError for anything that is not the JSON of a plan.
    """
    data = data.removeprefix(codecs.BOM_UTF8)
    # No text of JSON has a zero in it.
    if data.startswith(_UTF_16) or b"\0" in data[:4]:
        raise PlanError(
            "It is UTF-16 or UTF-32, as `>` of PowerShell writes it: give it as UTF-8, which "
            f"`{SHOW} | Out-File -Encoding utf8 FILE` does"
        )
    # Nothing here may copy all of it: that takes as long as reading it does.
    first = _FIRST.search(data)
    if first is None:
        raise PlanError(f"It is empty: give it what `{SHOW}` prints")
    start = data[first.start() : first.start() + 1_000]
    if not start.startswith(b"{"):
        begins = masked_text(start[:100].decode(errors="replace").splitlines()[0])
        raise PlanError(
            f"It does not begin with JSON, but with {begins!r}: OpenTofu's warnings go to the same "
            f"place as its JSON, so see to what it says, and give only what `{SHOW}` prints"
        )
    _refuse_messages(start)
    parts = _parts(data)
    document, unknown = _parsed(parts)
    _refuse_others(document)
    _refuse_doubles(data, parts)
    _refuse_cut(document)
    types = {resource.type for resource in document.resource_changes}
    if len(types) > MOST_TYPES:
        raise PlanError(
            f"It has resources of {len(types):,} types, and all providers together have not so "
            "many: see what writes such a thing"
        )
    _refuse_deep(document)
    return document, unknown


def managed_before(document: RawPlan) -> frozenset[str]:
    """The addresses of what was managed before: there are secrets beside them."""
    return _managed(document.prior_state.values) if document.prior_state else frozenset()


def _managed(values: StateValues) -> frozenset[str]:
    found: set[str] = set()
    modules = [values.root_module]
    while modules:
        module = modules.pop()
        found.update(one.address for one in module.resources if one.mode == "managed")
        modules += module.child_modules
    return frozenset(found)


def _parts(data: bytes) -> dict[str, msgspec.Raw]:
    try:
        return _KEYS.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise _damaged(error) from None


def _parsed(parts: Mapping[str, msgspec.Raw]) -> tuple[RawPlan, str]:
    """The plan of those parts, and the path of one that is not known, if there is any."""
    unknown = [name for name in parts if name not in _KNOWN]
    read = {}
    for name, raw in parts.items():
        if name in _PASSED:
            read[name], passed = _part(name, raw)
            unknown += passed
    return RawPlan(**read), unknown[0] if unknown else ""


def _part(name: str, raw: msgspec.Raw) -> tuple[Any, list[str]]:
    if _KNOWN[name].type is msgspec.Raw:
        return raw, []
    try:
        try:
            return _KNOWN[name].decode(raw), []
        except msgspec.ValidationError as error:
            unknown = _UNKNOWN.fullmatch(str(error))
            if unknown is None:
                raise
            where = (unknown[2] or "$").removeprefix("$")
            return _PASSED[name].decode(raw), [f"{name}{where}.{unknown[1]}"]
    except msgspec.ValidationError as error:
        # Only where it is wrong: the message may quote what stands there.
        _, told, where = str(error).rpartition(" - at `$")
        where = where.rstrip("`") if told else ""
        raise PlanError(
            f"It is not what `{SHOW}` prints: something else is expected at "
            f"{masked_text(f'`$.{name}{where}`')}"
        ) from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise _damaged(error) from None


def _damaged(error: Exception) -> PlanError:
    if isinstance(error, RecursionError):
        return PlanError(
            f"It is nested far more than {DEEPEST} levels deep, and is not read: see what writes "
            "such a thing"
        )
    return PlanError(f"Its JSON is damaged or cut short: write it anew with `{SHOW}`")


def _refuse_messages(start: bytes) -> None:
    """Refuse what `-json` makes `plan` and `apply` print: a message a line, and no plan."""
    line = start.partition(b"\n")[0]
    if b'"@level"' in line or b'"@message"' in line:
        raise PlanError(
            "It is the progress that `tofu plan -json` prints, and no plan: save the plan with "
            f"`tofu plan -out PLAN`, and give what `{SHOW}` prints of it"
        )


def _refuse_others(document: RawPlan) -> None:
    """Refuse JSON that is no plan, or none of a form that is known."""
    form = document.format_version
    if document.values is not ABSENT and document.planned_values is ABSENT:
        raise PlanError(f"It is a state, not a plan: give it what `{SHOW}` prints of a saved plan")
    if not form:
        raise PlanError(f"It has no format_version, so it is no plan: give what `{SHOW}` prints")
    if form.startswith("0."):
        raise PlanError(
            f"Its format is {masked_text(form)!r}, which Terraform before 1.1 wrote: plan anew "
            f"with OpenTofu, and give what `{SHOW}` prints"
        )
    if not form.startswith(FORMAT):
        raise PlanError(
            f"Its format is {masked_text(form)!r}, and only {FORMAT}x is known: "
            "use a version of this project that is as new as your OpenTofu"
        )
    if document.planned_values is ABSENT:
        raise PlanError(f"It has no planned_values, so it is no plan: give what `{SHOW}` prints")


def _refuse_doubles(data: bytes, parts: Mapping[str, msgspec.Raw]) -> None:
    """
    Refuse what has a key twice, of which the last one only is in its *parts*.

    What is under the keys is not looked into, but passed over by its length.
    """
    left, position = dict(parts), 0
    while (found := _TOP.match(data, position)) and (key := _KEY.decode(found[1])) in left:
        value = memoryview(left.pop(key))
        position = found.end() + len(value)
        ends = bytes(value[:_END]), bytes(value[-_END:])
        if not (data.startswith(ends[0], found.end()) and data.endswith(ends[1], 0, position)):
            break
    if left or data[position:].strip() != b"}":
        raise PlanError(
            "It has something twice, of which OpenTofu writes one: give what "
            f"`{SHOW}` prints, as it is"
        )


def _refuse_cut(document: RawPlan) -> None:
    """
    Refuse what has results, and no changes that come to them.

    With `-refresh-only` there is neither, so that it would pass for such a plan.
    """
    if document.resource_changes or document.errored:
        return
    try:
        after = _AFTER.decode(document.planned_values)
    except msgspec.MsgspecError:
        return
    if after and _managed(after):
        raise PlanError(
            "It has planned_values of resources, and no resource_changes: give all of what "
            f"`{SHOW}` prints"
        )


def _refuse_deep(document: RawPlan) -> None:
    """Refuse what is too deep to be walked: no plan of a provider's has it."""
    for name, values in _named_values(document):
        if any(too_deep(bytes(raw)) for raw in values):
            raise PlanError(
                f"{masked_text(name)}: its values are nested more than {DEEPEST} "
                "levels deep, and are not read: see what writes such a thing"
            )
    if _has_deep_modules(document):
        raise PlanError(
            f"Its modules are nested more than {DEEPEST} levels deep, and are not read: see what "
            "writes such a thing"
        )


def _has_deep_modules(document: RawPlan) -> bool:
    modules = [document.configuration.root_module] if document.configuration else []
    for _ in range(DEEPEST):
        modules = [call.module for module in modules for call in module.module_calls.values()]
    return bool(modules)


def _named_values(document: RawPlan) -> Iterator[tuple[str, Iterable[msgspec.Raw]]]:
    """All that is decoded later, by the address or name of what it is of."""
    for resource in chain(document.resource_changes, document.resource_drift):
        yield resource.address, _values(resource.change)
    for name, output in document.output_changes.items():
        yield f"output.{name}", _values(output)


def _values(change: RawChange | RawOutput) -> Iterator[msgspec.Raw]:
    """All of it that is decoded later."""
    yield from (change.before, change.after, change.after_unknown)
    yield from (change.before_sensitive, change.after_sensitive)
    if isinstance(change, RawChange) and change.importing:
        yield change.importing.identity

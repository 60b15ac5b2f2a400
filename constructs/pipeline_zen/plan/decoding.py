"""Bytes -> the JSON of a plan; what is none is refused by name, with what to give instead."""

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

import msgspec

from pipeline_zen.masking import DEEPEST, masked_text, too_deep
from pipeline_zen.plan.document import PlanError, RawChange, RawOutput, RawPlan, RawResource

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


class _Plan(RawPlan, forbid_unknown_fields=True):
    resource_changes: Sequence[_Resource] = ()
    resource_drift: Sequence[_Resource] = ()
    output_changes: Mapping[str, _Output] = msgspec.field(default_factory=dict)
    applyable: msgspec.Raw = msgspec.Raw()
    relevant_attributes: msgspec.Raw = msgspec.Raw()
    timestamp: msgspec.Raw = msgspec.Raw()
    variables: msgspec.Raw = msgspec.Raw()


class _StateModule(msgspec.Struct):
    """A module of the prior state: the addresses of what is there, and nothing else of it."""

    resources: "list[_StateResource]" = []
    child_modules: "list[_StateModule]" = []


class _StateResource(msgspec.Struct):
    address: str = ""
    mode: str = "managed"


class _StateValues(msgspec.Struct):
    root_module: _StateModule = msgspec.field(default_factory=_StateModule)


class _State(msgspec.Struct):
    values: _StateValues = msgspec.field(default_factory=_StateValues)


_TOP = re.compile(rb'\s*[{,]\s*("(?:[^"\\]|\\.)*")\s*:\s*')
"""The next key of the object that a plan is."""

_WHOLE = msgspec.json.Decoder(_Plan)
_PARTS = msgspec.json.Decoder(RawPlan)
_STATE = msgspec.json.Decoder(_State | None)
_AFTER = msgspec.json.Decoder(_StateValues | None)
_PART = 65_536
"""Bytes that are compared at once."""

_KEYS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_KEY = msgspec.json.Decoder(str)


def decode(data: bytes) -> tuple[RawPlan, str]:
    """
    The document in *data*, and the path of a key that is not known; empty where all are.

    Raises PlanError for anything that is not the JSON of a plan.
    """
    data = data.removeprefix(codecs.BOM_UTF8)
    if data.startswith(_UTF_16):
        raise PlanError(
            "It is UTF-16, as `>` of PowerShell writes it: give it as UTF-8, which "
            f"`{SHOW} | Out-File -Encoding utf8 FILE` does"
        )
    if not data.strip():
        raise PlanError(f"It is empty: give it what `{SHOW}` prints")
    if not data.lstrip().startswith(b"{"):
        first = masked_text(data.lstrip()[:100].decode(errors="replace").splitlines()[0])
        raise PlanError(
            f"It does not begin with JSON, but with {first!r}: OpenTofu's warnings go to the same "
            f"place as its JSON, so see to what it says, and give only what `{SHOW}` prints"
        )
    _refuse_messages(data)
    document, unknown = _parsed(data)
    _refuse_others(document)
    _refuse_doubles(data)
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
    """
    The addresses of what was managed before; nothing where that cannot be told.

    Only the addresses become values: there are secrets beside them.
    """
    try:
        before = _STATE.decode(document.prior_state) if bytes(document.prior_state) else None
    except msgspec.MsgspecError:
        return frozenset()
    return _managed(before.values) if before else frozenset()


def _managed(values: _StateValues) -> frozenset[str]:
    found: set[str] = set()
    modules = [values.root_module]
    while modules:
        module = modules.pop()
        found.update(one.address for one in module.resources if one.mode == "managed")
        modules += module.child_modules
    return frozenset(found)


def _parsed(data: bytes) -> tuple[RawPlan, str]:
    try:
        if not data.isascii():
            data.decode()  # What is decoded later is not looked at until then.
        try:
            return _WHOLE.decode(data), ""
        except msgspec.ValidationError as error:
            unknown = _UNKNOWN.fullmatch(str(error))
            if unknown is None:
                raise
            where = (unknown[2] or "$").removeprefix("$").removeprefix(".")
            return _PARTS.decode(data), f"{where}.{unknown[1]}".removeprefix(".")
    except msgspec.ValidationError as error:
        # Only where it is wrong: the message may quote what stands there.
        where = str(error).rpartition(" - at ")[2] if " - at " in str(error) else "its top"
        raise PlanError(
            f"It is not what `{SHOW}` prints: something else is expected at {masked_text(where)}"
        ) from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise PlanError(f"Its JSON is damaged or cut short: write it anew with `{SHOW}`") from None


def _refuse_messages(data: bytes) -> None:
    """Refuse what `-json` makes `plan` and `apply` print: a message a line, and no plan."""
    start = data.lstrip()[:1_000].partition(b"\n")[0]
    if b'"@level"' in start or b'"@message"' in start:
        raise PlanError(
            "It is the progress that `tofu plan -json` prints, and no plan: save the plan with "
            f"`tofu plan -out PLAN`, and give what `{SHOW}` prints of it"
        )


def _refuse_others(document: RawPlan) -> None:
    """Refuse JSON that is no plan, or none of a form that is known."""
    form = document.format_version
    if bytes(document.values) and not bytes(document.planned_values):
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
    if not bytes(document.planned_values):
        raise PlanError(f"It has no planned_values, so it is no plan: give what `{SHOW}` prints")


def _refuse_doubles(data: bytes) -> None:
    """
    Refuse what has a key twice, of which the last one only is read.

    What is under the keys is not looked into, but passed over by its length.
    """
    left, position = _KEYS.decode(data), 0
    while (found := _TOP.match(data, position)) and (key := _KEY.decode(found[1])) in left:
        value = memoryview(left.pop(key))
        if not _is_at(data, value, found.end()):
            break
        position = found.end() + len(value)
    if data[position:].strip() != b"}":
        raise PlanError(
            "It has something twice, of which OpenTofu writes one: give what "
            f"`{SHOW}` prints, as it is"
        )


def _is_at(data: bytes, value: memoryview, position: int) -> bool:
    """Whether it stands there; by parts, as there are values of a hundred megabytes."""
    return all(
        data.startswith(bytes(value[start : start + _PART]), position + start)
        for start in range(0, len(value), _PART)
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

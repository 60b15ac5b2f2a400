"""The JSON of a plan -> a Plan."""

import json
from collections.abc import Iterable, Iterator

from pipeline_zen.masking import masked_text, masked_value
from pipeline_zen.plan.actions import ACTIONS, REASONS, Action
from pipeline_zen.plan.changes import Change
from pipeline_zen.plan.checks import unmet
from pipeline_zen.plan.completeness import missing
from pipeline_zen.plan.decoding import decode
from pipeline_zen.plan.document import Importing, PlanError, RawPlan, RawResource, decoded
from pipeline_zen.plan.given import Given, configured_resources
from pipeline_zen.plan.paths import written
from pipeline_zen.plan.plan import Output, Plan, Provider

_DROPPED = ("delete_because_no_resource_config", "delete_because_no_module")


def read(data: bytes) -> Plan:
    """
    The plan in *data*, the output of `tofu show -json`.

    Raises PlanError for anything else, and for an action that is not known: what cannot be
    read is not passed over.
    """
    document, unknown = decode(data)
    configured = Given(document)
    changes = _changes(document.resource_changes, configured)
    drift = _changes(document.resource_drift, configured, planned=False)
    left_out, unclear = missing(document)
    refreshes = _is_refresh_only(document)
    outputs = [
        Output(masked_text(name), action, output)
        for name, output in sorted(document.output_changes.items())
        if (action := _action(output.actions, f"the output {name}")) is not Action.NO_OP
    ]
    return Plan(
        tofu_version=masked_text(document.terraform_version),
        changes=changes,
        drift=tuple(
            change for change in drift if change.action is not Action.UPDATE or change.attributes
        ),
        outputs=tuple((output.name, output.action) for output in outputs),
        errored=document.errored,
        missing=() if refreshes else left_out,
        unclear=() if refreshes else unclear,
        refresh_only=refreshes,
        output_changes=tuple(outputs),
        checks=unmet(document.checks),
        providers=tuple(_providers(document)),
        data=tuple(_data(document)),
        unread=tuple(_unread(document, unknown)),
        _document=document,
    )


def _is_refresh_only(document: RawPlan) -> bool:
    """Whether it speaks of no resource at all, though there are some."""
    if document.resource_changes or document.errored:
        return False
    return any(one.mode == "managed" for _, one in configured_resources(document))


def _providers(document: RawPlan) -> Iterator[Provider]:
    """The providers, and the accounts that they are set up with."""
    configured = document.configuration.provider_config if document.configuration else {}
    for key, one in sorted(configured.items()):
        arguments = decoded(one.expressions)
        yield Provider(
            key=masked_text(key),
            source=masked_text(one.full_name),
            is_another=bool(one.alias or one.module_address),
            arguments=arguments if isinstance(arguments, dict) else {},
        )


def _data(document: RawPlan) -> Iterator[tuple[str, str]]:
    """What the configuration reads, by address and type."""
    for address, configured in configured_resources(document):
        if configured.mode != "managed":
            yield masked_text(address), masked_text(configured.type)


def _unread(document: RawPlan, unknown: str) -> Iterator[str]:
    """What the plan has, and no report of it, in sentences."""
    if not document.complete:
        yield "OpenTofu calls this plan incomplete: after its apply there is more to plan."
    if document.deferred_changes:
        changes = _counted(len(document.deferred_changes), "change")
        yield f"{changes} put off until after the apply (`deferred_changes`), and not judged."
    actions = len(document.action_invocations) + len(document.deferred_action_invocations)
    if actions:
        yield f"{_counted(actions, 'action')} run by the apply (`action_invocations`), not judged."
    if unknown:
        yield (
            f"The plan has `{masked_text(unknown)}`, which this project does not know: what it "
            "does is not judged."
        )


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun} is" if count == 1 else f"{count:,} {noun}s are"


def _changes(
    resources: Iterable[RawResource], configured: Given, *, planned: bool = True
) -> tuple[Change, ...]:
    changes = (_change(resource, configured, planned=planned) for resource in resources)
    return tuple(sorted(changes, key=lambda change: (change.address, change.deposed)))


def _change(resource: RawResource, configured: Given, *, planned: bool) -> Change:
    raw = resource.change
    action = _action(raw.actions, resource.address)
    importing = raw.importing
    address = masked_text(resource.address)
    # Type and name are parts of the address, where it is what it should be.
    usual = address == resource.address == f"{resource.type}.{resource.name}"
    return Change(
        address=address,
        type=resource.type if usual else masked_text(resource.type),
        name=resource.name if usual else masked_text(resource.name),
        # What is found to be gone is gone, whatever the state says.
        action=_kept(resource, action) if planned else action,
        managed=_managed(resource),
        provider=masked_text(resource.provider_name),
        reason=masked_text(REASONS.get(resource.action_reason) or _unknown_reason(resource)),
        forced_by=tuple(sorted(masked_text(written(steps)) for steps in raw.replace_paths)),
        previous_address=masked_text(resource.previous_address),
        import_id=_import_id(importing) if importing is not None else "",
        deposed=masked_text(resource.deposed),
        _raw=raw,
        _expressions=configured.of(resource.address),
        is_tainted=resource.action_reason == "replace_because_tainted",
        is_dropped=resource.action_reason in _DROPPED,
        programs=configured.programs(resource.address),
    )


def _unknown_reason(resource: RawResource) -> str:
    return f"`{resource.action_reason}`" if resource.action_reason else ""


def _action(actions: list[str], of: str) -> Action:
    try:
        return ACTIONS[tuple(actions)]
    except KeyError:
        raise PlanError(
            f"{masked_text(of)}: unknown action {masked_text('-'.join(actions))!r}; known are "
            f"{', '.join('-'.join(known) for known in ACTIONS)}. It may come from an OpenTofu "
            "that is newer than this project"
        ) from None


def _kept(resource: RawResource, action: Action) -> Action:
    """The action, of which the state may say that Google keeps what OpenTofu deletes."""
    before = resource.change.before
    if action is not Action.DELETE or b'"ABANDON"' not in bytes(before):
        return action
    values = decoded(before)
    abandoned = isinstance(values, dict) and values.get("deletion_policy") == "ABANDON"
    return Action.LET_GO if abandoned and resource.type.startswith("google_") else action


def _managed(resource: RawResource) -> bool:
    if resource.mode not in ("managed", "data", "ephemeral"):
        raise PlanError(
            f"{masked_text(resource.address)}: unknown mode {masked_text(resource.mode)!r}; "
            "known are managed, data, ephemeral"
        )
    return resource.mode == "managed"


def _import_id(importing: Importing) -> str:
    # Masked while the keys are still apart from what is under them.
    identity = masked_value(decoded(importing.identity))
    return masked_text(importing.id or json.dumps(identity, sort_keys=True))

"""The JSON of a plan -> a Plan."""

import json
from collections.abc import Iterable

from pipeline_zen.masking import masked_text, masked_value
from pipeline_zen.plan.actions import ABANDONED, ACTIONS, LET_GO, REASONS, Action
from pipeline_zen.plan.changes import Change
from pipeline_zen.plan.completeness import missing
from pipeline_zen.plan.document import Importing, PlanError, RawResource, decode, decoded
from pipeline_zen.plan.plan import Plan


def read(data: bytes) -> Plan:
    """
    The plan in *data*, the output of `tofu show -json`.

    Raises PlanError for anything else, and for an action that is not known: what cannot be
    read is not passed over.
    """
    document = decode(data)
    changes = _changes(document.resource_changes)
    drift = _changes(document.resource_drift, planned=False)
    return Plan(
        tofu_version=masked_text(document.terraform_version),
        changes=changes,
        drift=tuple(
            change for change in drift if change.action is not Action.UPDATE or change.attributes
        ),
        outputs=tuple(
            (masked_text(name), action)
            for name, output in sorted(document.output_changes.items())
            if (action := _action(output.actions, f"the output {name}")) is not Action.NO_OP
        ),
        errored=document.errored,
        missing=missing(document),
    )


def _changes(resources: Iterable[RawResource], *, planned: bool = True) -> tuple[Change, ...]:
    changes = (_change(resource, planned=planned) for resource in resources)
    return tuple(sorted(changes, key=lambda change: (change.address, change.deposed)))


def _change(resource: RawResource, *, planned: bool) -> Change:
    raw = resource.change
    action = _action(raw.actions, resource.address)
    reason = masked_text(REASONS.get(resource.action_reason) or _unknown_reason(resource))
    if planned and action in LET_GO and _is_abandoned(resource):
        action, reason = LET_GO[action], ", and ".join(filter(None, [reason, ABANDONED]))
    importing = raw.importing
    address = masked_text(resource.address)
    # Type and name are parts of the address, where it is what it should be.
    usual = address == resource.address == f"{resource.type}.{resource.name}"
    return Change(
        address=address,
        type=resource.type if usual else masked_text(resource.type),
        name=resource.name if usual else masked_text(resource.name),
        action=action,
        managed=_managed(resource),
        provider=masked_text(resource.provider_name),
        reason=reason,
        forced_by=tuple(sorted(map(_path, raw.replace_paths))),
        previous_address=masked_text(resource.previous_address),
        import_id=_import_id(importing) if importing is not None else "",
        deposed=masked_text(resource.deposed),
        _raw=raw,
    )


def _is_abandoned(resource: RawResource) -> bool:
    """Whether the provider only forgets what OpenTofu has it destroy, by the state's word."""
    # A version of a secret has a policy of its own, which is older and has other words.
    if not resource.type.startswith("google_") or resource.type.endswith("_secret_version"):
        return False
    before = decoded(resource.change.before)
    return isinstance(before, dict) and before.get("deletion_policy") == "ABANDON"


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


def _path(steps: list[str | int]) -> str:
    path = ""
    for step in steps:
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
    return masked_text(path.removeprefix("."))

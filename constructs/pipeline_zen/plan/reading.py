"""The JSON of a plan -> a Plan."""

import json
from collections.abc import Iterable, Mapping

from pipeline_zen.masking import masked_text, masked_value
from pipeline_zen.plan.actions import ACTIONS, REASONS, Action
from pipeline_zen.plan.changes import Change
from pipeline_zen.plan.completeness import missing
from pipeline_zen.plan.configured import config_address, configured
from pipeline_zen.plan.document import (
    Configured,
    Importing,
    PlanError,
    RawPlan,
    RawResource,
    decode,
    decoded,
)
from pipeline_zen.plan.plan import CheckResult, Output, Plan


def read(data: bytes) -> Plan:
    """
    The plan in *data*, the output of `tofu show -json`.

    Raises PlanError for anything else, and for an action that is not known: what cannot be
    read is not passed over.
    """
    document = decode(data)
    written = configured(document)
    changes = _changes(document.resource_changes, written)
    drift = _changes(document.resource_drift, written)
    left_out, unclear = missing(document, data)
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
        missing=() if _is_refresh_only(document) else left_out,
        unclear=() if _is_refresh_only(document) else unclear,
        refresh_only=_is_refresh_only(document),
        checks=tuple(_checks(document)),
        unread=tuple(_unread(document)),
        output_changes=tuple(outputs),
    )


def _is_refresh_only(document: RawPlan) -> bool:
    """Whether it speaks of no resource at all, though there are some."""
    configuration = document.configuration
    if document.resource_changes or document.errored or configuration is None:
        return False
    module = configuration.root_module
    return bool(module.resources or module.module_calls)


def _checks(document: RawPlan) -> Iterable[CheckResult]:
    for check in document.checks:
        if check.status != "pass":
            messages = [
                masked_text(problem.message)
                for instance in check.instances
                for problem in instance.problems
            ]
            address = masked_text(check.address.to_display)
            yield CheckResult(address, masked_text(check.status), tuple(messages))


def _unread(document: RawPlan) -> Iterable[str]:
    if document.unread:
        yield document.unread
    if not document.complete:
        yield "complete"
    for name in ("deferred_changes", "action_invocations"):
        if bytes(getattr(document, name)) not in (b"", b"null", b"[]"):
            yield name


def _changes(
    resources: Iterable[RawResource], written: Mapping[str, Configured]
) -> tuple[Change, ...]:
    changes = (_change(resource, written) for resource in resources)
    return tuple(sorted(changes, key=lambda change: (change.address, change.deposed)))


def _change(resource: RawResource, written: Mapping[str, Configured]) -> Change:
    raw = resource.change
    importing = raw.importing
    address = masked_text(resource.address)
    # Type and name are parts of the address, where it is what it should be.
    usual = address == resource.address == f"{resource.type}.{resource.name}"
    return Change(
        address=address,
        type=resource.type if usual else masked_text(resource.type),
        name=resource.name if usual else masked_text(resource.name),
        action=_action(raw.actions, resource.address),
        managed=_managed(resource),
        provider=masked_text(resource.provider_name),
        reason=masked_text(REASONS.get(resource.action_reason) or _unknown_reason(resource)),
        forced_by=tuple(sorted(map(_path, raw.replace_paths))),
        previous_address=masked_text(resource.previous_address),
        import_id=_import_id(importing) if importing is not None else "",
        deposed=masked_text(resource.deposed),
        is_tainted=resource.action_reason == "replace_because_tainted",
        _raw=raw,
        _configured=written.get(config_address(resource.address)) if written else None,
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

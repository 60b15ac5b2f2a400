"""What becomes of secrets, which VMs read as they start."""

from collections.abc import Iterator
from typing import Any

from pipeline_zen import names
from pipeline_zen.guard.checks import harmless, judges
from pipeline_zen.guard.general import DELETION_PREVENTED, UNJUDGED, VERSIONS
from pipeline_zen.guard.harmless import any_of, anything, known, only, refers_to, removed
from pipeline_zen.guard.resource import Resource, last, listed, quoted
from pipeline_zen.guard.rules import Finding, Rule, Severity
from pipeline_zen.kinds import SECRET
from pipeline_zen.plan import UNKNOWN, Action

SECRETS = (SECRET, "google_secret_manager_regional_secret")

_KEPT = ("DISABLE", "ABANDON")
"""The deletion policies of a secret's version that leave its text where it is."""

harmless(
    *SECRETS,
    # What Google tells topics of a rotation, VMs would take for jobs.
    tests={"deletion_protection": only(True), "rotation topics": removed},
    new={"location replication secret_id": known},
    computed="expire_time",
)
harmless(
    *VERSIONS,
    may_go=True,
    tests={
        "deletion_policy": only(*_KEPT),
        "enabled": only(None, True),
        "is_secret_data_base64": only(None, False),
        # Its text; where one comes into the state that was not there is found.
        "secret_data secret_data_wo secret_data_wo_version": anything,
    },
    new={"project": anything, "secret": any_of(known, refers_to(*SECRETS))},
    computed="customer_managed_encryption destroy_time location project version secret_data_wo",
)

SECRET_DELETED = Rule(
    "secret-deleted",
    Severity.LOSES_DATA,
    "Keep it: VMs cannot start without it, and its text is nowhere else.",
)


@judges(*SECRETS, attributes="expire_time ttl")
def _gone(secret: Resource) -> Iterator[Finding]:
    if secret.change.action.destroys:
        done = "deleted" if secret.change.action is Action.DELETE else "replaced"
        yield secret.found(SECRET_DELETED, f"{done}, with all its versions")
        if secret.before.flag("deletion_protection") is True:
            what = f"{done}, which its `deletion_protection` prevents: the apply fails"
            yield secret.found(DELETION_PREVENTED, what)
    for key in ("expire_time", "ttl"):
        given = secret.changes(key) and secret.after.text(key)
        # Of a new one that has none, Google's answer is not known yet.
        if given and not (secret.made and key == "expire_time" and given is UNKNOWN):
            yield secret.found(SECRET_DELETED, f"set to be deleted by Google (`{key}`)")


SECRET_UNGUARDED = Rule(
    "secret-unguarded",
    Severity.LOSES_DATA,
    "Leave `deletion_protection` true, and a version's `deletion_policy` DISABLE.",
)


@judges(*SECRETS, attributes="deletion_protection")
def _unguarded(secret: Resource) -> Iterator[Finding]:
    protected = "deletion_protection"
    if secret.updated and secret.changes(protected) and secret.after.flag(protected) is not True:
        yield secret.found(SECRET_UNGUARDED, "no longer protected from deletion")


@judges(*VERSIONS, attributes="deletion_policy")
def _version_unguarded(version: Resource) -> Iterator[Finding]:
    policy = "deletion_policy"
    if version.changes(policy) and version.after.text(policy) not in _KEPT:
        what = "set to be destroyed, not disabled, by the next rotation"
        yield version.found(SECRET_UNGUARDED, what)


SECRET_UNPROTECTED = Rule(
    "secret-unprotected",
    Severity.LOSES_DATA,
    "Set `deletion_protection`, unless the environment is one to be thrown away.",
    blocks=False,
)


@judges(*SECRETS, attributes="deletion_protection")
def _new_unprotected(secret: Resource) -> Iterator[Finding]:
    if secret.made and secret.after.flag("deletion_protection") is not True:
        what = "new, and not protected from deletion"
        yield secret.found(SECRET_UNPROTECTED, what, why="")


SECRET_IN_STATE = Rule(
    "secret-in-state",
    Severity.WIDENS_ACCESS,
    "Write it as `secret_data_wo`, from a file: what is in `secret_data` is in the state.",
)


@judges(*VERSIONS)
def _in_state(version: Resource) -> Iterator[Finding]:
    comes = [one for one in version.change.attributes if one.path == "secret_data" and one.comes]
    # What is imported comes into the state, be it as it should be.
    read = version.change.import_id and version.after.get("secret_data") not in (None, "")
    if comes or read:
        what = "has its text in the state, where whoever reads that finds it"
        yield version.found(SECRET_IN_STATE, what, why="")


@judges(*VERSIONS)
def _text(version: Resource) -> Iterator[Finding]:
    """Where its text is from; what is in the state is told as that, or was there before."""
    environment = version.plan.target.environment
    written = version.change.expression("secret_data_wo")
    if version.made and not _is_from_its_file(written, environment):
        file = names.config_env(environment)
        what = f"given a text that is not what is in `{file}`, and VMs run what they are given"
        yield version.found(UNJUDGED, what, why="")


def _is_from_its_file(written: Any, environment: str) -> bool:
    """
    Whether a text is that of the environment's file, as the stack has it.

    Of a configuration that is not written as JSON the plan tells constants, and little else.
    """
    text = written.get("constant_value") if isinstance(written, dict) else None
    if not isinstance(text, str):
        return text is None
    return text == f'${{file("{names.config_env_from_stack(environment)}")}}'


SECRET_VERSION_MISPLACED = Rule(
    "secret-version-misplaced",
    Severity.LOSES_DATA,
    "Give each secret one version, under one address: VMs read the newest of their own.",
)


@judges(*VERSIONS, attributes="secret")
def _misplaced(version: Resource) -> Iterator[Finding]:
    """Where a version goes: its own secret, which has no other."""
    secret = version.after.text("secret")
    if version.change.action is Action.CREATE:
        if version.refers_to(version.references("secret"), SECRETS):
            return
        named = last(secret) if isinstance(secret, str) else ""
        others = version.plan.versions.get(named, frozenset()) - {version.change.address}
        if others:
            what = f"a second version of {quoted(named)}, beside {listed(others)}"
            yield version.found(SECRET_VERSION_MISPLACED, what, why="")
        elif named not in version.plan.secrets:
            where = quoted(secret) if isinstance(secret, str) else "a secret that is not known yet"
            what = f"new, on {where}, which this plan does not have"
            yield version.found(SECRET_VERSION_MISPLACED, what, why="")
    elif version.changes("secret"):
        old = quoted(version.before.get("secret"))
        what = f"goes to {quoted(version.after.get('secret'))} instead of {old}"
        yield version.found(SECRET_VERSION_MISPLACED, what, why="", of=("secret",))


SECRET_VERSION_LOST = Rule(
    "secret-version-lost",
    Severity.LOSES_DATA,
    "Let the old version be disabled, not destroyed: `deletion_policy = DISABLE`.",
)

SECRET_VERSION_DISABLED = Rule(
    "secret-version-disabled",
    Severity.LOSES_DATA,
    "See that the newest version is enabled, and made before the old one is disabled.",
)


@judges(*VERSIONS)
def _version_gone(version: Resource) -> Iterator[Finding]:
    """The harmless case is a rotation: the new one is made first, the old one only disabled."""
    action = version.change.action
    if action.destroys and version.before.text("deletion_policy") not in _KEPT:
        what = "destroyed: its text is gone for good"
        yield version.found(SECRET_VERSION_LOST, what)
    elif action is Action.REPLACE:
        what = "disabled before its successor is there: a VM that starts then finds none"
        yield version.found(SECRET_VERSION_DISABLED, what)
    elif action is Action.DELETE and not version.change.deposed:
        what = "disabled without a successor: a VM that starts finds none"
        yield version.found(SECRET_VERSION_DISABLED, what)


@judges(*VERSIONS, attributes="enabled")
def _version_off(version: Resource) -> Iterator[Finding]:
    if version.after.flag("enabled") in (True, None):
        return
    if version.updated and version.changes("enabled"):
        what = "disabled: a VM that starts finds none"
        yield version.found(SECRET_VERSION_DISABLED, what)
    elif version.made:
        what = "made, but not enabled: a VM that starts asks for the newest one, and is refused"
        yield version.found(SECRET_VERSION_DISABLED, what)

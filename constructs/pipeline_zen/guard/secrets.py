"""What becomes of secrets, which VMs read as they start."""

from collections.abc import Iterator

from pipeline_zen.guard.checks import harmless, judges
from pipeline_zen.guard.resource import Resource
from pipeline_zen.guard.rules import Finding, Rule, Severity
from pipeline_zen.kinds import SECRET, VERSION
from pipeline_zen.plan import Action

SECRETS = (SECRET, "google_secret_manager_regional_secret")
VERSIONS = (VERSION, "google_secret_manager_regional_secret_version")

_KEPT = ("DISABLE", "ABANDON")
"""The deletion policies of a secret's version that leave its text where it is."""

harmless(*SECRETS, attributes="rotation topics version_destroy_ttl")
harmless(
    *VERSIONS,
    attributes="destroy_time is_secret_data_base64 name secret_data secret_data_wo "
    "secret_data_wo_version version",
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
    for key in ("expire_time", "ttl") if secret.updated else ():
        if secret.changes(key) and secret.after.text(key):
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
    changed = version.updated and version.changes(policy)
    if changed and version.after.text(policy) not in _KEPT:
        what = "set to be destroyed, not disabled, by the next rotation"
        yield version.found(SECRET_UNGUARDED, what)


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
    elif version.change.action is Action.CREATE or version.change.action.replaces:
        what = "made, but not enabled: a VM that starts asks for the newest one, and is refused"
        yield version.found(SECRET_VERSION_DISABLED, what)

"""What a role allows, and whom a member stands for: which of them are too much."""

import re
from collections.abc import Iterable, Mapping

from pipeline_zen.plan import UNKNOWN, Unknown

EVERYBODY = ("allUsers", "allAuthenticatedUsers")
_EVERYBODY = tuple(name.lower() for name in EVERYBODY)

_NAMED_SET = re.compile(
    r"//iam\.googleapis\.com/projects/[^/]+/locations/global/workloadIdentityPools/[^/]+/"
    r"(?:group/[^/*]+|attribute\.[^/*]+/[^*]+)"
    r"|//goog/group/[^/*]+"
)
"""Sets of principals that are somebody in particular; pools of a company's workforce are not."""

BASIC_ROLES = (
    *("roles/owner", "roles/editor", "roles/viewer"),
    *("roles/admin", "roles/writer", "roles/reader"),
)

POWERFUL_PERMISSIONS = re.compile(
    r"(?!storage\.objects\.).*\.(setIamPolicy|setOrgPolicy|actAs|getAccessToken|getOpenIdToken"
    r"|signBlob|signJwt|implicitDelegation|updatePolicy|createTagBinding|osLogin|osAdminLogin"
    r"|setMetadata|setServiceAccount|setCommonInstanceMetadata)"
    r"|iam\.serviceAccountKeys\.(create|upload)|iam\.serviceAccounts\.(create|delete|disable|undelete)"
    r"|iam\.roles\.(create|update|delete|undelete)|iam\.denypolicies\..*|iam\.workloadIdentity.*"
    r"|secretmanager\.versions\.(access|add|destroy|disable)|secretmanager\.secrets\.(delete|update)"
    r"|resourcemanager\.projects\.(delete|move|update.*)|billing\..*\.(update|delete|create).*"
    r"|compute\.(instances|instanceTemplates)\.(create|update)"
    r"|cloudbuild\.builds\.create|run\.(jobs|services)\.(create|update|run.*)"
    r"|cloudfunctions\.functions\.(create|update|sourceCodeSet)|deploymentmanager\..*"
    r"|storage\.hmacKeys\.create|serviceusage\.services\.disable"
    r"|parametermanager\.parameterVersions\.(get|render|create|update)|container\.secrets\..*"
    r"|container\.clusters\.getCredentials|apikeys\.keys\.(create|getKeyString)"
    r"|cloudkms\.cryptoKeyVersions\.(useToDecrypt.*|useToSign.*|destroy)"
    r"|runtimeconfig\.variables\.get|redis\.instances\.getAuthString"
    r"|cloudsql\.instances\.(login|executeSql)|iap\.tunnelInstances\.accessViaIAP"
    r"|compute\.instances\.(getSerialPortOutput|getScreenshot)"
)
"""
Permissions by which one takes further rights, runs programs as somebody else, or reads secrets.

`storage.objects.setIamPolicy` is none: jobs publish their own results by it.
"""

_NARROW = re.compile(
    r"roles/(?:(?:artifactregistry|cloudquotas|cloudtrace|compute|errorreporting|logging"
    r"|monitoring|pubsub|serviceusage|storage|storagetransfer|workloadmanager)\.(?:\w*[vV]iewer"
    r"|\w*[rR]eader)|browser|logging\.logWriter|monitoring\.metricWriter|cloudtrace\.agent"
    r"|errorreporting\.writer|pubsub\.(?:publisher|subscriber)|compute\.imageUser"
    r"|storage\.objectCreator|bigquery\.(?:jobUser|user))"
)
"""
Roles that only read what is no secret, or that do one thing; none by which one takes more.

They are so on the whole project, too, where a user of all objects can delete them all.
"""

_NARROW_OR_ONE = re.compile(
    r"roles/(?:secretmanager\.(?:secretAccessor|viewer)|storage\.(?:legacyObject|object)\w+"
    r"|storage\.legacyBucket(?:Reader|Writer)|pubsub\.(?:editor|publisher|subscriber|viewer)"
    r"|iam\.serviceAccountUser|iam\.workloadIdentityUser|artifactregistry\.(?:reader|writer))"
)
"""Roles that are harmless on the one thing that somebody needs them for."""

_TOO_MUCH = re.compile(
    r"roles/iam\..*|roles/compute\.os.*|.*(?:[aA]dmin|[oO]wner)\b.*"
    r"|roles/serviceusage\.apiKeysViewer"
)
"""Roles that are not narrow, whatever they end in: who views API keys has them."""

_IN_ALL = ("google_project_", "google_folder_", "google_organization_", "google_billing_")
"""How the types of grants begin that are on everything of a project, or more."""


def powerful_among(permissions: Iterable[str]) -> frozenset[str]:
    """The permissions that are too much, of some."""
    return frozenset(name for name in permissions if POWERFUL_PERMISSIONS.fullmatch(name))


def is_powerful(type_: str, role: str, custom: Mapping[str, frozenset[str] | Unknown]) -> bool:
    """
    Whether a role allows too much on what a grant of a type is on, or what it allows is not known.

    *custom* is what each custom role of the plan allows; what one allows that is not of the plan
    nobody here knows.
    """
    if role in custom:
        permissions = custom[role]
        return permissions is UNKNOWN or bool(powerful_among(permissions))
    narrow = _NARROW.fullmatch(role) and not _TOO_MUCH.fullmatch(role)
    if type_.startswith(_IN_ALL):
        return not narrow
    return not (narrow or _NARROW_OR_ONE.fullmatch(role))


def is_public(member: str) -> bool:
    """Whether it stands for everybody, or for all whom a domain or an identity pool lets in."""
    kind, _, rest = member.partition(":")
    if member.lower() in _EVERYBODY or kind.lower() == "domain":
        return True
    # All of a pool, of a company or of a project; a group, or those of one attribute, are named.
    return kind.lower() == "principalset" and not _NAMED_SET.fullmatch(rest)

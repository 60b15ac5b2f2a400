"""The service of Secret Manager, and what it keeps."""

from fake_google.service import Service

SECRETS = "secretmanager.secrets"
VERSIONS = "secretmanager.versions"

secretmanager = Service(
    "secretmanager",
    limits=(
        "A secret's payload is not kept and cannot be read again, unless that is asked for "
        "(`--keep-payloads`); it is in no dump of the store even then.",
        "No secret expires, and nobody is told that one is to be rotated.",
    ),
)

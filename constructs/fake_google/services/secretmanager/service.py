"""The service of Secret Manager, and what it keeps."""

from fake_google.service import Service

SECRETS = "secretmanager.secrets"
VERSIONS = "secretmanager.versions"

secretmanager = Service(
    "secretmanager",
    keeps=(SECRETS, VERSIONS),
    limits=(
        "A secret's payload is not kept and cannot be read again. Disabled and destroyed it can "
        "be.",
    ),
)

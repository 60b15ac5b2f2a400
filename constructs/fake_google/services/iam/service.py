"""The service of IAM, and what it keeps."""

import base64

from fake_google.service import Service
from fake_google.store import Store

ACCOUNTS = "iam.serviceAccounts"
ROLES = "iam.roles"

iam = Service(
    "iam",
    keeps=(ACCOUNTS, ROLES),
    limits=(
        "Nobody is refused for want of a permission, unless that is asked for (`--enforce-iam`). "
        "Then a condition counts as far as it is about resources; one about time never holds.",
        "What is granted is there at once; with Google it spreads within minutes.",
        "A deleted service account is gone; with Google it can be brought back. A deleted role "
        "can.",
    ),
)


def etag(store: Store) -> str:
    """The next etag."""
    return base64.b64encode(store.serial().to_bytes(8, "big")).decode()

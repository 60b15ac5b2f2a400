"""The service of IAM, and what it keeps."""

import base64

from fake_google.errors import invalid
from fake_google.service import Service
from fake_google.store import Store
from fake_google.wire import Json

ACCOUNTS = "iam.serviceAccounts"
ROLES = "iam.roles"

iam = Service(
    "iam",
    limits=(
        "Nobody is refused for want of a permission, unless that is asked for (`--enforce-iam`). "
        "Then a condition counts as far as it is about resources; one about time never holds.",
        "What is granted is there at once; with Google it spreads within minutes.",
        "A deleted role can be brought back at any time, and so can a service account; with Google "
        "for 7 and for 30 days.",
    ),
)


_LONGEST = {"description": 256, "displayName": 100, "title": 100}
"""The letters of what is said of an account or a role, at most."""


def check_texts(thing: Json) -> None:
    """Refuse what is said of an account or a role at too great a length."""
    for field, most in _LONGEST.items():
        if len(thing.get(field) or "") > most:
            raise invalid(f"The {field} has more than {most} letters.")


def etag(store: Store) -> str:
    """The next etag."""
    return base64.b64encode(store.serial().to_bytes(8, "big")).decode()

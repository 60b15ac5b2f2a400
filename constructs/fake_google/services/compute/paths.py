"""Names, paths and links of what Compute Engine has, and the numbers that it gives."""

import base64
import hashlib
import json
import re

from fake_google.errors import invalid
from fake_google.service import Call
from fake_google.store import Store
from fake_google.wire import Json

FIRST_ID = 10**18

_NAME = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")


def check_name(name: str, field: str) -> None:
    """Refuse a name that is none."""
    if not _NAME.fullmatch(name):
        raise invalid(
            f"Invalid value for field 'resource.{field}': '{name}'. "
            f"Must be a match of regex '(?:{_NAME.pattern})'"
        )


def template_path(project: str, name: str) -> str:
    """The path of a template."""
    return f"projects/{project}/global/instanceTemplates/{name}"


def group_path(project: str, region: str, name: str) -> str:
    """The path of a group."""
    return f"projects/{project}/regions/{region}/instanceGroupManagers/{name}"


def below_projects(link: str) -> str:
    """A link without its server: `projects/…`."""
    return re.sub(r"^https?://.*?/(?=projects/)", "", link)


def link(call: Call, path: str) -> str:
    """The address of what is at *path*, on this server."""
    return f"{call.root}/compute/v1/{path}"


def last(path: str) -> str:
    """The name at the end of a path or an address."""
    return path.rpartition("/")[2]


def new_id(store: Store) -> str:
    """The next number, as Google gives one to each thing."""
    return str(FIRST_ID + store.serial())


def digest(value: Json) -> str:
    """A fingerprint of *value*."""
    text = json.dumps(value, sort_keys=True)
    return base64.b64encode(hashlib.sha256(text.encode()).digest()[:8]).decode()

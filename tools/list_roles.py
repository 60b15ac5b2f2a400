"""
Writes the fake Google's lists of predefined roles and of permissions.

    PYTHONPATH=constructs .venv/bin/python tools/list_roles.py FOLDER --as-of DATE

FOLDER has a JSON file for each predefined role, as `gcloud iam roles describe` prints it; such a
folder is `gcp/roles` in https://github.com/iann0036/iam-dataset. Of a role's permissions those are
kept that a method which is served needs.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from fake_google.services import SERVICES
from fake_google.services.iam import access

TARGET = Path(access.__file__).parent


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description="Write the lists of roles and permissions.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--as-of", required=True)
    options = parser.parse_args()
    needed = {
        access.permission_of(f"{service.api}.{method}")
        for service in SERVICES.values()
        for method in service.handlers
    }
    needed |= {"storage.objects.setIamPolicy"}
    roles: dict[str, list[str]] = {}
    kinds: dict[str, set[str]] = defaultdict(set)
    for file in sorted(options.folder.glob("*.json")):
        role = json.loads(file.read_text(encoding="utf-8"))
        permissions = role.get("includedPermissions", [])
        roles[role["name"].removeprefix("roles/")] = sorted(needed & set(permissions))
        for permission in permissions:
            kind, _, verb = permission.rpartition(".")
            kinds[kind].add(verb)
    head = f"# As of {options.as_of}; see tools/list_roles.py."
    _write("roles.txt", head, (" ".join([name, *held]) for name, held in sorted(roles.items())))
    lines = (" ".join([kind, *sorted(verbs)]) for kind, verbs in sorted(kinds.items()))
    _write("permissions.txt", head, lines)


def _write(name: str, head: str, lines: Iterable[str]) -> None:
    text = "\n".join([head, *lines])
    (TARGET / name).write_text(f"{text}\n", encoding="ascii")


if __name__ == "__main__":
    main()

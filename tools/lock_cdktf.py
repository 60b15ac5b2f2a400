"""Resolves anew what the CDK's own command line needs: tools/cdktf/package-lock.json."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("cdktf")
LOCK = FOLDER / "package-lock.json"

OPTIONS = ("--package-lock-only", "--ignore-scripts", "--omit-lockfile-registry-resolved")


def without_addresses(lock: dict[str, Any]) -> dict[str, Any]:
    """The lock without where anything was fetched, and where to give money: npm asks its mirror."""
    packages = {
        name: {key: value for key, value in package.items() if key not in ("funding", "resolved")}
        for name, package in lock["packages"].items()
    }
    return {**lock, "packages": packages}


def main() -> None:
    """Let npm resolve it, and take the addresses out."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is needed to resolve what cdktf-cli needs: https://nodejs.org")
    LOCK.unlink(missing_ok=True)
    command = [npm, "install", *OPTIONS, "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=FOLDER, check=True)  # noqa: S603 - a list
    lock = without_addresses(json.loads(LOCK.read_text(encoding="utf-8")))
    LOCK.write_text(json.dumps(lock, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

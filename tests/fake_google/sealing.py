"""
Applies a configuration to a fake Google on a machine without any network but loopback.

    unshare -rn sh -c 'ip link set lo up && exec python -m tests.fake_google.sealing FOLDER TOFU'

Prints what OpenTofu said, and the hosts and paths that were asked of the fake, as JSON.
"""

import json
import os
import subprocess
import sys

from fake_google import FakeGoogle


def main(folder: str, tofu: str) -> None:
    with FakeGoogle(switched_on=True) as google:
        result = subprocess.run(
            [tofu, f"-chdir={folder}", "apply", "-auto-approve", "-json", "-parallelism=40"],
            env={**os.environ, **google.environment()},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        asked = [[request.host, request.path, request.status] for request in google.requests]
    json.dump({"status": result.returncode, "output": result.stdout, "asked": asked}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])

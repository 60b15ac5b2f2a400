"""
Starts the CDK in a fraction of its usual time.

Where the time goes. The Google provider's package holds 1,470 resource types, and importing any
one of them loads all, twice: the package's `__init__` imports every Python module, and in Node
the provider's `lib/index.js` requires every JavaScript module. We use some sixteen.

What is done about it:

* In Python, a bare module stands in for `cdktf_cdktf_provider_google`: it has the package's path,
  or that of its fork's (`packages`), so its submodules import as ever, but its `__init__` has not
  run. A submodule that is asked for as an attribute is imported then.
* In Node, `preload.cjs` is loaded first (`NODE_OPTIONS=--require …`) and turns each
  `exports.x = require("./x")` of that one file into a getter that requires on first use.
* cdktf loads what makes archives of assets, and what compares versions, half of its own time to
  load; they are required once something is asked of them, which is never.
* jsii starts a Node that starts a second one, and hands on every message between that and Python.
  The program of the second is run by the first, which saves a start, and two thirds of a call.
* The generated classes import typeguard, and that asyncio and more, for checks that `-O` leaves
  out: then an empty module stands in for it.
* jsii reads each package whole for a digest, and the types of all resources to find one; now the
  digest is remembered until the file changes, and of the types those are read that are asked for.
* Node keeps what it has compiled, as far as it can.
* cdktf resolves each stack twice, the first time for what it refers to in others, which ours do
  not: it is done once now.
* In Node, cdktf notes for every token where in JavaScript it was made, which says nothing to a
  program in Python; it notes nothing now. That is a seventh of what is left.

What is synthesized is the same either way, and a test keeps it so. Where anything is not as
expected (another layout of the package, another form of `index.js`) the usual import takes place:
slower, never broken. Setting PIPELINE_ZEN_STOCK_IMPORT asks for that.

`starting` does all of it while the settings are read. jsii comes first and alone, as Node waits
for it; then Node loads packages, and compiles what it needs for our classes, while Python imports
its own, which by themselves would wait for one another.
"""

import importlib
import importlib.util
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from types import ModuleType, SimpleNamespace

from pipeline_zen.stack.node import NodeError, find_node, node_environment
from pipeline_zen.stack.packages import CDKTF, USED

STOCK_IMPORT = "PIPELINE_ZEN_STOCK_IMPORT"

_SWITCH_INTERVAL = 0.0005
"""Seconds that Python computes before it looks whether Node has answered."""

_CLASS = re.compile(rf"^from {CDKTF.google}\.(\w+) import \(?\s*(\w+)", re.MULTILINE)
"""An import of `cdk.py`: the first class of each module is that of the resource."""

_CDK = Path(__file__).with_name("cdk.py")
_PRELOAD = Path(__file__).with_name("preload.cjs")


def start(*modules: str) -> None:
    """
    Start Node, and load the CDK and the provider's core into it; import *modules* beside that.

    To be called before the first import of cdktf or of the provider; a second call does nothing.
    Raises NodeError.
    """
    if USED.core in sys.modules:
        return
    node = find_node()
    stock = bool(os.environ.get(STOCK_IMPORT))
    # cdktf calls what newer Node has deprecated; nobody here can do anything about that.
    preload = "" if stock else f' --preserve-symlinks --require "{_quoted(_PRELOAD)}"'
    with node_environment(f"--no-deprecation{preload}"):
        try:
            _load(modules, stock=stock)
        except (OSError, RuntimeError, ValueError) as error:
            # What jsii raises when its Node process answers nothing, or nothing that it can read.
            why = str(error).partition("\n")[0] or type(error).__name__
            raise NodeError(
                f"Node.js was started as {node!r} and failed ({why}): "
                "look at JSII_NODE, NODE_OPTIONS and TMPDIR"
            ) from error


@contextmanager
def starting() -> Iterator[None]:
    """
    Start them and import the CDK's classes, beside what the body does.

    Raises NodeError at the end of the body, unless that has failed itself.
    """
    imported = Event()

    def attempt() -> None:
        try:
            # First of all and alone: Node cannot start before.
            importlib.import_module("jsii")
        finally:
            imported.set()
        start("pipeline_zen.stack.environment")

    interval = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_INTERVAL)
    try:
        with _beside("start of the CDK", attempt):
            imported.wait()
            yield
    finally:
        sys.setswitchinterval(interval)


@contextmanager
def _beside(name: str, work: Callable[[], None]) -> Iterator[None]:
    """Do *work* in a thread of that name beside the body; what it raises is raised at the end."""
    failures: list[Exception] = []

    def attempt() -> None:
        try:
            work()
        except Exception as error:
            failures.append(error)

    thread = Thread(target=attempt, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join()
    for failure in failures:
        raise failure


def _load(modules: Sequence[str], *, stock: bool) -> None:
    """Load the CDK and the provider's core, by the names that they are imported by."""
    if stock:
        sys.modules.setdefault(CDKTF.core, importlib.import_module(USED.core))
        sys.modules[CDKTF.google] = importlib.import_module(USED.google)
        return
    if not __debug__:
        sys.modules.setdefault("typeguard", ModuleType("typeguard"))
    with _node_loading() as afterwards:
        sys.modules.setdefault(CDKTF.core, importlib.import_module(USED.core))
        _put_stand_in()
        try:
            # The provider's core: what its `__init__` would import first.
            importlib.import_module(f"{CDKTF.google}._jsii")
        except ImportError:
            sys.modules.pop(CDKTF.google, None)
            sys.modules[CDKTF.google] = importlib.import_module(USED.google)
        afterwards(_make_ready)
        for module in modules:
            importlib.import_module(module)


@contextmanager
def _node_loading() -> Iterator[Callable[[Callable[[], None]], None]]:
    """
    Have Node load each package that the body imports beside the body, which goes on at once.

    What is given is to be called with what else Node is to do then, after those before it.
    """
    kernel = importlib.import_module("jsii").kernel
    load = kernel.load
    wanted: SimpleQueue[Callable[[], None] | None] = SimpleQueue()

    def work() -> None:
        for step in iter(wanted.get, None):
            step()

    # Node starts when it is asked anything.
    wanted.put(kernel.stats)
    kernel.load = lambda *package: wanted.put(partial(load, *package))
    try:
        with _beside("loading of packages", work):
            try:
                yield wanted.put
            finally:
                wanted.put(None)
    finally:
        del kernel.load


def _make_ready() -> None:
    """Have Node read and compile what it needs for the classes, while Python imports its own."""
    kernel = importlib.import_module("jsii").kernel
    # Where that fails, so does what asks next, and tells why.
    with suppress(Exception):
        for name in resource_types():
            kernel.sget(SimpleNamespace(__jsii_type__=name), "tfResourceType")


def resource_types() -> list[str]:
    """The classes of resources that `cdk.py` imports, by jsii's names for them."""
    names = []
    for module, name in _CLASS.findall(_CDK.read_text(encoding="utf-8")):
        first, *others = module.split("_")
        names.append(f"{USED.node_google}.{first}{''.join(map(str.capitalize, others))}.{name}")
    return names


def _put_stand_in() -> None:
    spec = importlib.util.find_spec(USED.google)
    if spec is None or spec.submodule_search_locations is None:
        return
    module = importlib.util.module_from_spec(spec)

    def submodule(name: str) -> ModuleType:
        try:
            return importlib.import_module(f"{CDKTF.google}.{name}")
        except ModuleNotFoundError as error:
            message = f"module {CDKTF.google!r} has no attribute {name!r}"
            raise AttributeError(message) from error

    module.__dict__["__getattr__"] = submodule
    sys.modules[CDKTF.google] = module


def _quoted(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace('"', '\\"')

"""What the fast start takes for granted of the packages, which are pinned."""

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from pipeline_zen.stack import bundled_node, cdk, fast_start
from pipeline_zen.stack.packages import CDKTF

pytestmark = pytest.mark.node

PRELOAD = Path(fast_start.__file__).with_name("preload.cjs")

_REPLACED = """
const { REPLACED } = require(process.argv[1]);
const fs = require("fs");
const files = JSON.parse(fs.readFileSync(0, "utf8"));
const replaced = Object.entries(REPLACED).map(([end, replace]) => {
  const [name] = Object.keys(files).filter((file) => file.endsWith(end));
  return [end, name !== undefined && replace(files[name]) !== undefined];
});
// One of them takes console.log from whoever is there.
fs.writeSync(1, JSON.stringify(Object.fromEntries(replaced)));
"""

_DIGEST = """
const { digestFile } = require(process.argv[1]);
console.log(JSON.stringify(digestFile(process.argv[2], "a", "b").toString("hex")));
"""

_PARTS = """
const parts = require(process.argv[1]).partsOf(process.argv[2]);
console.log(JSON.stringify([parts.toString("utf-8", 0, 5), parts.toString("utf-8", 6, 11)]));
"""


def node(code: str, *arguments: Path, given: object = None, cache: Path | None = None) -> Any:
    """What *code* says in JSON of `preload.cjs` and the arguments, with *given* to read as JSON."""
    environment = {
        **os.environ,
        "PIPELINE_ZEN_NODE_CORE": CDKTF.node_core,
        "PIPELINE_ZEN_NODE_GOOGLE": CDKTF.node_google,
        "PIPELINE_ZEN_NODE_CACHE": str(cache or ""),
    }
    shown = subprocess.run(
        [str(bundled_node()), "-e", code, str(PRELOAD), *map(str, arguments)],
        input=json.dumps(given),
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(shown.stdout)


def test_node_is_asked_for_each_class_of_a_resource() -> None:
    """Their names are taken from what is written, as Python has not imported them by then."""
    kinds = [
        kind
        for kind in vars(cdk).values()
        if isinstance(kind, type)
        and issubclass(kind, cdk.TerraformResource | cdk.GoogleProvider)
        and kind is not cdk.TerraformResource
    ]

    assert sorted(fast_start.resource_types()) == sorted(
        str(vars(kind)["__jsii_type__"]) for kind in kinds
    )


def test_every_file_that_is_replaced_has_the_form_that_is_expected() -> None:
    """Otherwise all would still work, and be slow."""
    replaced = node(_REPLACED, given=_files())

    assert len(replaced) == 6
    assert all(replaced.values()), replaced


def test_the_digest_of_a_package_is_that_of_jsii(tmp_path: Path) -> None:
    """So that what jsii has unpacked is found, and what it unpacks is held against it."""
    package = tmp_path / "package"
    package.write_text("one", encoding="utf-8")

    for _ in range(2):
        assert node(_DIGEST, package) == hashlib.sha256(b"one\0a\0b").hexdigest()
        assert node(_DIGEST, package, cache=tmp_path) == node(_DIGEST, package)


def test_the_digest_of_a_package_is_forgotten_once_the_package_changes(tmp_path: Path) -> None:
    """Though its size and the time that is given for it are the same."""
    package, cache = tmp_path / "package", tmp_path / "cache"
    package.write_text("one", encoding="utf-8")
    first = node(_DIGEST, package, cache=cache)
    (kept,) = cache.glob("digests/*")
    kept.write_bytes(bytes(32))
    assert node(_DIGEST, package, cache=cache) == bytes(32).hex()

    before = package.stat()
    package.write_text("two", encoding="utf-8")
    os.utime(package, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert node(_DIGEST, package, cache=cache) == hashlib.sha256(b"two\0a\0b").hexdigest()
    package.write_text("one", encoding="utf-8")
    assert node(_DIGEST, package, cache=cache) == first


def test_a_damaged_digest_is_computed_anew(tmp_path: Path) -> None:
    """As is one that cannot be kept."""
    package, cache = tmp_path / "package", tmp_path / "cache"
    package.write_text("one", encoding="utf-8")
    expected = node(_DIGEST, package, cache=cache)
    (kept,) = cache.glob("digests/*")
    kept.write_bytes(b"short")

    assert node(_DIGEST, package, cache=cache) == expected
    assert len(kept.read_bytes()) == 32
    assert node(_DIGEST, package, cache=package) == expected


def test_only_parts_of_a_file_are_read(tmp_path: Path) -> None:
    """Each where it is asked for, and by bytes."""
    file = tmp_path / "file"
    file.write_text("caf\u00e9 noir et plus", encoding="utf-8")

    assert ["caf\u00e9", "noir "] == node(_PARTS, file)


_STARTED = """
import sys
from pipeline_zen.stack import fast_start
fast_start.start("pipeline_zen.stack.environment")
from jsii._runtime import kernel
print(kernel.load.__name__, "pipeline_zen.stack.environment" in sys.modules)
"""


def test_node_loads_beside_python_and_then_as_ever() -> None:
    """What stands for the kernel's own loading meanwhile is gone afterwards."""
    shown = subprocess.run(
        [sys.executable, "-c", _STARTED], check=True, capture_output=True, text=True
    )

    assert ["load", "True"] == shown.stdout.split()


def _files() -> dict[str, str]:
    """The sources that are replaced, and those beside them, by their paths in Node."""
    files = {}
    for package, name in ((CDKTF.core, CDKTF.node_core), (CDKTF.google, CDKTF.node_google)):
        spec = importlib.util.find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        (archive,) = Path(spec.origin).parent.glob("_jsii/*.tgz")
        wanted = ("lib/index.js", "lib/private/fs.js", "lib/terraform-stack.js",
                  "lib/validations/validate-binary-version.js")  # fmt: skip
        with tarfile.open(archive) as tar:
            for one in wanted if name == CDKTF.node_core else wanted[:1]:
                content = tar.extractfile(f"package/{one}")
                assert content is not None
                files[f"node_modules/{name}/{one}"] = content.read().decode()
    jsii = importlib.util.find_spec("jsii")
    assert jsii is not None
    assert jsii.origin is not None
    embedded = Path(jsii.origin).parent / "_embedded" / "jsii"
    for folder, name in (("bin", "jsii-runtime.js"), ("lib", "program.js")):
        files[f"{folder}/{name}"] = (embedded / f"{folder}__{name}").read_text(encoding="utf-8")
    return files

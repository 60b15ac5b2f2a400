"""What the fast start takes for granted of the packages, which are pinned."""

import hashlib
import importlib.util
import json
import os
import subprocess
import tarfile
from pathlib import Path

import pytest

from pipeline_zen.stack import bundled_node, cdk, fast_start
from pipeline_zen.stack.packages import CDKTF

pytestmark = pytest.mark.node

PRELOAD = Path(fast_start.__file__).with_name("preload.cjs")

_SAID = """
const { REPLACED, digestFile } = require(process.argv[1]);
const fs = require("fs");
const [, preload, answer] = process.argv;
const files = JSON.parse(fs.readFileSync(0, "utf8"));
const replaced = Object.entries(REPLACED).map(([end, replace]) => {
  const [name] = Object.keys(files).filter((file) => file.endsWith(end));
  return [end, name !== undefined && replace(files[name]) !== undefined];
});
const digest = digestFile(preload, "a", "b").toString("hex");
fs.writeFileSync(answer, JSON.stringify({ replaced: Object.fromEntries(replaced), digest }));
"""


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


def test_every_file_that_is_replaced_has_the_form_that_is_expected(tmp_path: Path) -> None:
    """Otherwise all would still work, and be slow."""
    environment = {
        **os.environ,
        "PIPELINE_ZEN_NODE_CORE": CDKTF.node_core,
        "PIPELINE_ZEN_NODE_GOOGLE": CDKTF.node_google,
    }
    answer = tmp_path / "answer.json"

    subprocess.run(
        [str(bundled_node()), "-e", _SAID, str(PRELOAD), str(answer)],
        input=json.dumps(_files()),
        env=environment,
        check=True,
        text=True,
    )

    found = json.loads(answer.read_text(encoding="utf-8"))
    assert len(found["replaced"]) == 6
    assert all(found["replaced"].values()), found["replaced"]
    assert found["digest"] == hashlib.sha256(PRELOAD.read_bytes() + b"\0a\0b").hexdigest()


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

"""A resource is named, and protected, wherever it is made."""

import ast
from pathlib import Path

import pytest

from pipeline_zen import stack

pytestmark = pytest.mark.node

MAKERS = ("ground.py", "services.py")
"""The files that call a resource's class: the APIs are there before the ground is."""


def test_every_resource_is_made_through_the_ground() -> None:
    """No construct calls a resource's class itself, so none can forget its name or protection."""
    from pipeline_zen.stack import cdk

    direct = [
        f"{file.name}:{node.lineno}: {node.func.attr}"
        for file in sorted(Path(str(stack.__file__)).parent.glob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "cdk"
        and isinstance(made := getattr(cdk, node.func.attr, None), type)
        and issubclass(made, cdk.TerraformResource)
        and file.name not in MAKERS
    ]

    assert [] == direct

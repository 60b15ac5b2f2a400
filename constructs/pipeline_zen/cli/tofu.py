"""The verbs below `tofu`, which run OpenTofu."""

import click

from pipeline_zen.cli.apply import apply
from pipeline_zen.cli.init import init
from pipeline_zen.cli.plan import plan


@click.group()
def tofu() -> None:
    """Run OpenTofu in cdktf.out/stacks/ENV, and judge what it plans."""


for verb in (init, plan, apply):
    tofu.add_command(verb)

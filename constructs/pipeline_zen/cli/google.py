"""The verbs for what other code has made, and for other configurations."""

import json
import sys
import time
from pathlib import Path

import click

from pipeline_zen.cli.base import FAILED, Project, main


@main.command()
@click.argument("environment", metavar="ENV")
@click.argument("addresses", nargs=-1, metavar="[ADDRESS]...")
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The old state, as `tofu show -json` prints it: move what is in it instead.",
)
@click.pass_obj
def adopt(
    project: Project, environment: str, addresses: tuple[str, ...], state: Path | None
) -> None:
    """
    Write cdktf.out/stacks/ENV/adopt.tf.json, by which a plan takes over what exists already.

    Imports all that a deployment made by hand or by the earlier code has, or just what is at the
    ADDRESSes, as after an apply that Google carried out but did not answer. Prints what is left
    to remove after the cut-over.
    """
    if addresses and state:
        raise click.UsageError("Give addresses to import or a state to move, not both.")
    (settings,) = project.load((environment,))

    from pipeline_zen.tofu import adopt as write_blocks

    adopted = write_blocks(settings, project.root, addresses, state)

    click.echo(f"{adopted.file}: {adopted.imports} to import, {adopted.moves} to move.")
    for address in adopted.forgotten:
        click.echo(f"  will be forgotten, and stays as it is: {address}")
    click.echo(
        f"See what that comes to with `make plan ENV={environment}`. Once applied, delete it."
    )
    if adopted.leftovers:
        click.echo("\nWider than what takes its place; remove each after the cut-over:\n")
        for command in adopted.leftovers:
            click.echo(command)


@main.command("fake-google")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=0,
    show_default="a free one",
    help="Listen on this port.",
)
@click.option(
    "--store",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Start with what this file holds, if it is there, and keep it up to date.",
)
def fake_google(port: int, file: Path | None) -> None:
    """
    Run a fake Google on this machine, until interrupted, to try any OpenTofu configuration on.

    Prints the `export` lines that point OpenTofu and its Google provider there. Every API is
    switched on. Requests, the store and faults are at /_control/.
    """
    from fake_google import FakeGoogle, Store

    store = Store()
    if file and file.exists():
        try:
            store.load(json.loads(file.read_text(encoding="utf-8")))
        except (ValueError, KeyError, TypeError, AttributeError):
            click.echo(f"{file} is not a store that fake-google has written.", err=True)
            sys.exit(FAILED)
    elif file:
        store.save(file)
    try:
        server = FakeGoogle(store=store, port=port, switched_on=True)
    except OSError as error:
        click.echo(f"Port {port} cannot be listened on: {error.strerror}.", err=True)
        sys.exit(FAILED)

    try:
        with server as google:
            click.echo(f"The fake Google listens at {google.url}; Ctrl-C stops it.", err=True)
            for name, value in google.environment().items():
                click.echo(f"export {name}={value}")
            saved = store.changes
            while True:
                time.sleep(1)
                if file and store.changes != saved:
                    saved = store.changes
                    store.save(file)
    except KeyboardInterrupt:
        if file:
            store.save(file)

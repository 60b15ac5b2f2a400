"""The verb `fake-google`: a fake Google, to try any configuration on."""

import json
import shlex
import time
from pathlib import Path

import click

from pipeline_zen.errors import UserError


@click.command("fake-google")
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

    Begin with `pipeline-zen fake-google > google.sh &`, then `. ./google.sh`, then `tofu apply`.

    Prints the `export` lines that point OpenTofu and its Google provider there, and nowhere else.
    Every API is switched on. Requests, the store and faults are at /_control/. More is in
    constructs/fake_google/README.md.
    """
    from fake_google import FakeGoogle, Store

    store = Store()
    if file and file.exists():
        try:
            store.load(json.loads(file.read_text(encoding="utf-8")))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise UserError(f"{file} is not a store that fake-google has written") from None
    elif file:
        store.save(file)
    try:
        server = FakeGoogle(store=store, port=port, switched_on=True)
    except OSError as error:
        raise UserError(f"Port {port} cannot be listened on: {error.strerror}") from error

    try:
        with server as google:
            click.echo(f"The fake Google listens at {google.url}; Ctrl-C stops it.", err=True)
            for name, value in google.environment().items():
                click.echo(f"export {name}={shlex.quote(value)}")
            saved = store.changes
            while True:
                time.sleep(1)
                if file and store.changes != saved:
                    saved = store.changes
                    store.save(file)
    except KeyboardInterrupt:
        if file:
            store.save(file)

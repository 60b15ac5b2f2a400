"""The verb `fake-google`: a fake Google, to try any configuration on."""

import json
import shlex
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline_zen.errors import UserError

if TYPE_CHECKING:
    from fake_google import FakeGoogle, Store
    from pipeline_zen.catalog import Catalog


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
@click.option(
    "--keep-payloads",
    is_flag=True,
    help="Keep the payloads of secrets, so that they can be read.",
)
@click.option(
    "--enforce-iam",
    is_flag=True,
    help="Refuse whom nothing grants the permission. A token is an account's e-mail address.",
)
@click.option(
    "--quota",
    metavar="PLACE=VMS",
    multiple=True,
    help="VMs that a region has quota for, or a zone room; may be given more than once.",
)
def fake_google(
    port: int, file: Path | None, keep_payloads: bool, enforce_iam: bool, quota: tuple[str, ...]
) -> None:
    """
    Run a fake Google on this machine, until interrupted, to try any OpenTofu configuration on.

    Begin with `pipeline-zen fake-google > google.sh &`, then `. ./google.sh`, then `tofu apply`.

    Prints the `export` lines that point OpenTofu and its Google provider there, and nowhere else.
    Every API is switched on. Requests, the store and faults are at /_control/. More is in
    constructs/fake_google/README.md.
    """
    from fake_google import FakeGoogle, Options, Store
    from pipeline_zen import catalog

    store = Store()
    if file and file.exists():
        try:
            store.load(json.loads(file.read_text(encoding="utf-8")))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise UserError(f"{file} is not a store that fake-google has written") from None
    elif file:
        store.save(file)
    try:
        options = Options(
            switched_on=True,
            keep_payloads=keep_payloads,
            enforce_iam=enforce_iam,
            machine_types=_machine_types(catalog.load()),
        )
        server = FakeGoogle(store=store, port=port, options=options)
    except OSError as error:
        raise UserError(f"Port {port} cannot be listened on: {error.strerror}") from error

    _serve(server, store, file, quota)


def _serve(server: "FakeGoogle", store: "Store", file: Path | None, quota: tuple[str, ...]) -> None:
    """Answer until interrupted, and keep the store's file up to date."""
    try:
        with server as google:
            _limit(google, quota)
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


def _machine_types(known: "Catalog") -> dict[str, tuple[int, int]]:
    """The vCPUs and the memory in MB of the machine types that can have GPUs."""
    sizes = {name: (size.vcpus, size.memory_gb) for name, size in known.machine_types.items()}
    for name, size in known.n1_machine_types.items():
        sizes[name] = (size.vcpus, size.memory_gb)
    return {name: (vcpus, int(gigabytes * 1024)) for name, (vcpus, gigabytes) in sizes.items()}


def _limit(google: "FakeGoogle", quota: tuple[str, ...]) -> None:
    """Say how many VMs there are for at most. Raises UserError for what is no place or number."""
    limits = {}
    for text in quota:
        place, _, vms = text.partition("=")
        if not vms.isdigit():
            raise UserError(f"--quota {text}: write a region or zone, `=` and a number of VMs")
        limits[place] = int(vms)
    try:
        google.set_capacity(limits)
    except ValueError as error:
        raise UserError(f"--quota: {error}") from error

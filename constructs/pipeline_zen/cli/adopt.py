"""The verb `adopt`: take over what other code has made."""

from pathlib import Path

import click

from pipeline_zen.cli.checkout import Project


@click.command()
@click.argument("environment", metavar="ENV")
@click.argument("addresses", nargs=-1, metavar="[ADDRESS]...")
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The old state, as `tofu show -json` prints it: move what is in it instead.",
)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Import all of the stack that has a name, as where its own state is lost.",
)
@click.option(
    "--without",
    "absent",
    metavar="ADDRESS",
    multiple=True,
    help="Take it out of the file that is there, as Google has no such thing; repeatable.",
)
@click.pass_obj
def adopt(
    project: Project,
    environment: str,
    addresses: tuple[str, ...],
    *,
    state: Path | None,
    everything: bool,
    absent: tuple[str, ...],
) -> None:
    """
    Write cdktf.out/stacks/ENV/adopt.tf.json, by which a plan takes over what exists already.

    Imports all that a deployment made by hand or by the earlier code has, or just what is at the
    ADDRESSes, as after an apply that Google carried out but did not answer. Prints what is left
    to remove after the cut-over.
    """
    if sum(map(bool, (addresses, state, everything, absent))) > 1:
        raise click.UsageError("Give addresses, --state, --all or --without: one of them.")
    (settings,) = project.load((environment,))

    from pipeline_zen import tofu

    if absent:
        adopted = tofu.leave_out(settings, project.root, absent)
    else:
        adopted = tofu.adopt(settings, project.root, addresses, state, everything=everything)
    click.echo(f"{adopted.file}: {adopted.imports} to import, {adopted.moves} to move.")
    if not adopted.file.exists():
        click.echo(f"So it is deleted: go on with `make plan ENV={environment}`.")
        return
    for address in adopted.forgotten:
        click.echo(f"  will be forgotten, and stays as it is: {address}")
    click.echo(
        f"See what that comes to with `make plan ENV={environment}`; `make apply` deletes it."
    )
    if adopted.leftovers:
        click.echo("\nWider than what takes its place; remove each after the cut-over:\n")
        for command in adopted.leftovers:
            click.echo(command)

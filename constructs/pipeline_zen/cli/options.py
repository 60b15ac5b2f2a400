"""Options that several verbs share."""

import click

first_creation_option = click.option(
    "--first-creation",
    is_flag=True,
    help="The environment does not exist yet, so everything may be created.",
)
no_secret_option = click.option(
    "--no-secret",
    is_flag=True,
    help="Do without ENV-config.env, as if it were unchanged.",
)

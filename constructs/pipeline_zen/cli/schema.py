"""The verb `schema`: the JSON schema of the settings."""

import click


@click.command()
def schema() -> None:
    """Print the JSON schema of the YAML files, for editors: config/schema.json."""
    from pipeline_zen.settings import json_schema

    click.echo(json_schema(), nl=False)

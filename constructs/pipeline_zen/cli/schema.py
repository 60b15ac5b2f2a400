"""The verb `schema`: the JSON schemas of the settings."""

import click


@click.command()
@click.option("--allow", is_flag=True, help="That of config/allow.yaml: config/allow.schema.json.")
def schema(allow: bool) -> None:
    """Print the JSON schema of the YAML files, for editors: config/schema.json."""
    from pipeline_zen.guard import allow_schema
    from pipeline_zen.settings import json_schema

    click.echo(allow_schema() if allow else json_schema(), nl=False)

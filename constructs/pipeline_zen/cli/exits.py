"""How a verb ends: the exit statuses, and the one place that errors become sentences."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from pipeline_zen.errors import UserError
from pipeline_zen.visible import visible

FAILED = 1
WRONG_SETTINGS = 2


@contextmanager
def problems_told(wrong_settings: int = WRONG_SETTINGS) -> Iterator[None]:
    """End with a sentence for what is wrong, and the status *wrong_settings* for settings."""
    try:
        yield
    except UserError as error:
        # Only here: a verb that does without the settings is spared half of its start.
        from pipeline_zen.settings import SettingsError
        from pipeline_zen.stack import NodeError

        if isinstance(error, SettingsError):
            count = len(error.problems)
            ending = f"{count} problem{'s' * (count > 1)}; nothing was written."
            click.echo(f"{error}\n\n{ending}", err=True)
            sys.exit(wrong_settings)
        click.echo(f"{error}.", err=True)
        if isinstance(error, NodeError):
            # Without a word from the CDK's own exit handlers, which expect Node to be there.
            os._exit(FAILED)
        sys.exit(FAILED)
    except ModuleNotFoundError as error:
        click.echo(
            f"{error}: the installation is not whole. Run `make clean`, then again.", err=True
        )
        sys.exit(FAILED)
    except BrokenPipeError:
        # Whoever read the output has seen enough, as `head` does: click ends without a word.
        raise
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        click.echo(visible(f"{where}{error.strerror or error}."), err=True)
        sys.exit(FAILED)


class LikeTofu(click.Command):
    """A verb whose exit status 2 means changes, as OpenTofu's, so that a mistake must be 1."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the command line."""
        with _usage_error_fails():
            return super().make_context(*args, **kwargs)

    def invoke(self, context: click.Context) -> Any:
        """Run the verb."""
        from pipeline_zen.plan import PlanError

        with _usage_error_fails(), problems_told(wrong_settings=FAILED):
            try:
                return super().invoke(context)
            except PlanError as error:
                raise UserError(f"The plan cannot be read: {error}") from error


@contextmanager
def _usage_error_fails() -> Iterator[None]:
    try:
        yield
    except click.UsageError as error:
        error.show()
        sys.exit(FAILED)

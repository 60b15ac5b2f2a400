"""The checkout that a verb works in, and what its settings come to."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline_zen.errors import UserError
from pipeline_zen.files import OUT
from pipeline_zen.visible import visible

if TYPE_CHECKING:
    from pipeline_zen.settings import Examined, Problem, Settings

CHECKOUT = Path(__file__).resolve().parents[3]
"""The checkout that this package is installed from."""


@dataclass(frozen=True)
class Project:
    """The checkout that a verb works in."""

    root: Path

    @property
    def out(self) -> Path:
        """The folder of everything generated."""
        return self.root / OUT

    def environments(self) -> list[str]:
        """All that there are, sorted."""
        from pipeline_zen.settings import environments

        try:
            return environments(self.root)
        except OSError as error:
            hint = "it must be a folder, with base.yaml and a file for each environment"
            raise UserError(f"{self._config}: {error.strerror}: {hint}") from error

    def load(self, environments: tuple[str, ...]) -> "list[Settings]":
        """The settings of *environments*, by default of all."""
        return self.examine(environments).settings

    def examine(self, environments: tuple[str, ...]) -> "Examined":
        """The settings of *environments*, with what there is to say about them."""
        from pipeline_zen.settings import ALLOW, SettingsError, examine, is_there

        chosen = self._chosen(environments)
        problems: list[Problem] = []
        over: list[Problem] = []
        try:
            examined = examine(self.root, chosen, today=date.today())
        except SettingsError as error:
            problems += error.problems
        if is_there(self.root / ALLOW):
            # Usually it is not, and the guard need not be loaded.
            from pipeline_zen.guard import run_out

            try:
                # Told of all environments, before a plan depends on it.
                over = run_out(self.root, chosen, date.today())
            except SettingsError as error:
                problems += error.problems
        if problems:
            raise SettingsError(problems)
        return examined._replace(remarks=(*over, *examined.remarks))

    @property
    def _config(self) -> Path:
        return self.root / "config"

    def _chosen(self, environments: tuple[str, ...]) -> list[str]:
        """The environments that are asked for. Raises UsageError for one that there is not."""
        known = self.environments()
        if not known:
            raise click.UsageError(visible(self._why_none()))
        for name in environments:
            if name not in known:
                near = get_close_matches(name, known, n=1)
                guess = f' Did you mean "{near[0]}"?' if near else ""
                raise click.UsageError(
                    visible(
                        f'There is no environment "{name}": '
                        f"{self._config} has {', '.join(known)}.{guess}"
                    )
                )
        return sorted(set(environments)) or known

    def _why_none(self) -> str:
        """Why there is no environment at all, and what to do."""
        if self._config.is_dir():
            return (
                f"There is no environment: {self._config} has no file of one. "
                "Add config/dev.yaml, with `project: eng-ai-dev`."
            )
        if self.root == CHECKOUT:
            return f"{self._config} is not there: `git checkout -- config` brings it back."
        return (
            f"{self.root} is no checkout of this project: it has no folder `config`. "
            f"Name another with -C, or leave that out to work in {CHECKOUT}."
        )


def count_remarks(remarks: "Iterable[Problem]", more: str = "make check NOTICES=yes") -> None:
    """Say in one line how much there is to say besides, and which command does."""
    counts = Counter(remark.severity for remark in remarks)
    told = [
        f"{count} {severity}{'s' * (count > 1)}" for severity, count in sorted(counts.items())[::-1]
    ]
    if told:
        click.echo(f"{', '.join(told)}: {more}", err=True)

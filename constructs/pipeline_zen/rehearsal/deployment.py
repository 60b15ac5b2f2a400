"""An environment's folder, with a local state, that the real OpenTofu applies to a fake Google."""

import contextlib
import json
import os
import shutil
import tempfile
from pathlib import Path

from fake_google import FakeGoogle
from pipeline_zen import names
from pipeline_zen.files import OUT, Json, stack_folder
from pipeline_zen.rehearsal import ground
from pipeline_zen.settings import config_env
from pipeline_zen.surroundings import REHEARSAL, passed_on
from pipeline_zen.tofu import OpenTofu, Progress, RunError, said

PLAN = "planned"

PATIENCE = 20.0
"""So many seconds OpenTofu has to end when it is interrupted: here nothing is lost with it."""

PARALLELISM = "-parallelism=40"
"""Most of an apply is the provider's own waiting, and nobody here minds many requests."""

GATHERING = "50ms"
"""
How long the provider gathers changes of one policy, or APIs to switch on, to send them in one.

By itself it waits three seconds, out of regard for the limits of the real Google.
"""

_SOCKET = 103
"""The most bytes of a path that macOS and Linux take for a socket."""

_FETCHED = (
    "The provider is fetched the first time, which needs the network. Without one, let "
    "TF_CLI_CONFIG_FILE name a file that names a mirror on this machine: "
    "https://opentofu.org/docs/cli/config/config-file/"
)


class Deployment:
    """An environment's folder, with a local state, that is applied to a fake Google."""

    def __init__(
        self, google: FakeGoogle, root: Path, environment: str, *, providers: Path | None = None
    ) -> None:
        """
        Work below *root*, which is made ready; *providers* is where fetched ones are kept.

        Raises TofuError where OpenTofu is missing or too old.
        """
        self.google = google
        self.environment = environment
        self.folder = stack_folder(root / OUT, environment)
        self.config = root / names.config_env(environment)
        self._root = root
        self.output: list[str] = []
        """All that OpenTofu has said."""
        self.tofu = OpenTofu(
            self.folder, variables=self.variables, patience=PATIENCE, heard=self.output.append
        )
        self._providers = providers
        self.folder.mkdir(parents=True)
        override: Json = {
            "terraform": {"backend": {"local": {}}},
            "provider": {"google": {"batching": {"send_after": GATHERING}}},
        }
        # Files of this name are joined over the others.
        (self.folder / "local_override.tf.json").write_text(json.dumps(override), encoding="utf-8")
        lines = [f"{name}=rehearsal\n" for name in config_env.REQUIRED]
        self.config.write_text("".join(lines), encoding="utf-8")

    @property
    def state(self) -> Path:
        """The file that the state is in."""
        return self.folder / "terraform.tfstate"

    @property
    def has_plan(self) -> bool:
        """Whether there is a plan, be it of a half."""
        return (self.folder / PLAN).exists()

    def put(self, stack: Path) -> int:
        """Make *stack*, a `cdk.tf.json`, the one to apply; the number of its resources."""
        shutil.copy(stack, self.folder / "cdk.tf.json")
        return sum(map(len, self.stack()["resource"].values()))

    def stack(self) -> Json:
        """The stack that is to be applied."""
        stack: Json = json.loads((self.folder / "cdk.tf.json").read_text(encoding="utf-8"))
        return stack

    def init(self) -> None:
        """
        Install the provider that the stack names: as it was kept, or from where OpenTofu finds it.

        Another than before is what a rehearsal may be of.
        """
        if self._providers and self._providers.exists():
            # Another version may be wanted than those that were kept.
            with contextlib.suppress(RunError):
                self.tofu.init("-upgrade", f"-plugin-dir={self._providers}")
                return
        try:
            self.tofu.init("-upgrade")
        except RunError as error:
            raise RunError(f"{error}\n\n{_FETCHED}") from None
        if self._providers:
            self._keep(self._providers)

    def _keep(self, providers: Path) -> None:
        """Copy what was fetched; what only points to a mirror on this machine is found again."""
        fetched = self.folder / ".terraform" / "providers"
        for package in fetched.glob("*/*/*/*/*"):
            target = providers / package.relative_to(fetched)
            if package.is_dir() and not package.is_symlink() and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                with tempfile.TemporaryDirectory(dir=target.parent) as new:
                    shutil.copytree(package, Path(new) / "new")
                    (Path(new) / "new").rename(target)

    def plan(self, *options: str) -> bool:
        """Plan, for `apply` to apply; whether there is something to change."""
        (self.folder / PLAN).unlink(missing_ok=True)
        told = self.tofu.plan(PLAN, PARALLELISM, *options)
        if told.failed:
            raise RunError("\n\n".join(["`tofu plan` failed:", *told.errors]))
        return told.changes

    def apply(self, progress: Progress = lambda _done, _all: None) -> None:
        """Apply the plan. Raises RunError with what went wrong."""
        told = self.tofu.apply(PLAN, PARALLELISM, progress=progress)
        if told.failed:
            raise RunError("\n\n".join(["OpenTofu could not apply it:", *told.errors]))

    def apply_all(self, progress: Progress = lambda _done, _all: None) -> None:
        """Plan and apply, from nothing or from where it was. Raises as `apply` does."""
        self.init()
        self.apply_from_nothing(progress)

    def apply_from_nothing(self, progress: Progress = lambda _done, _all: None) -> None:
        """Apply the stack to a Google that has none of it, once it is initialised."""
        ground.lay(self.google, self.stack())
        self.plan()
        self.apply(progress)

    def require_settled(self) -> None:
        """Raise RunError where a plan finds something to do."""
        if self.plan():
            raise RunError(
                "Planned again, it would change again, so it never settles:\n\n"
                + said(self.tofu.show(PLAN))
            )

    def show_json(self) -> Json:
        """The plan, for programs."""
        shown: Json = json.loads(self.plan_json())
        return shown

    def plan_json(self) -> bytes:
        """The plan as OpenTofu writes it for programs."""
        return self.tofu.show_json(PLAN)

    def destroy(self) -> None:
        """Take everything away."""
        self.tofu.destroy(PARALLELISM)

    def run(self, *arguments: str) -> str:
        """What OpenTofu says to any of its verbs."""
        return self.tofu.run(*arguments).stdout

    def variables(self, verb: str) -> dict[str, str]:
        """
        The environment that OpenTofu runs in: no credential of the user's, no option.

        It reaches nothing but the fake Google, but for what fetches the provider.
        """
        sealed = verb != "init"
        return {
            **passed_on(REHEARSAL, os.environ),
            **(self.google.environment() if sealed else self.google.endpoints()),
            # Go's collector takes a quarter of a plan's time to save memory that is there.
            "GOGC": "400",
            "TF_IN_AUTOMATION": "1",
            **self._temporary(),
        }

    def _temporary(self) -> dict[str, str]:
        """
        Where OpenTofu has its files for a while: here, as a killed provider leaves its socket.

        Not where the folder's path is too long to make a socket in.
        """
        root = self._root.resolve()
        longest = root / f"plugin{2**32}"
        return {"TMPDIR": f"{root}"} if len(os.fsencode(longest)) <= _SOCKET else {}

"""What is said where OpenTofu does not get to the state, by what the real one complains of."""

import json
import re
import shlex
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fake_google import FakeGoogle, Fault
from pipeline_zen import tofu
from pipeline_zen.settings import Settings, config_env, load
from pipeline_zen.tofu import ready
from pipeline_zen.tofu.words import advised, lock_held, out_of_reach, problem, said
from tests.conftest import Checkout, Run

BUCKET = "lum-terraform-state"

STACK = {
    "terraform": {"backend": {"gcs": {"bucket": BUCKET, "prefix": "pipeline-zen/dev"}}},
    "resource": {"terraform_data": {"one": {"input": "x"}}},
}
"""As much of a stack as has a state in the bucket: no provider has to start."""


@dataclass
class Reached:
    """A checkout with that stack, and a Google that has no bucket yet."""

    checkout: Checkout
    google: FakeGoogle
    run: Run

    def tofu(self, verb: str, *options: str) -> str:
        """What is said to a verb that fails."""
        failed = self.run("-C", self.checkout.root, "tofu", verb, "dev", *options)
        assert 1 == failed.returncode, failed.stdout + failed.stderr
        assert "\x1b" not in failed.stdout + failed.stderr
        return failed.stderr

    def plan(self) -> str:
        """What is said to a plan that fails."""
        (settings,) = load(self.checkout.root, ["dev"])
        with pytest.raises(tofu.TofuError) as error:
            tofu.plan(settings, self.checkout.root, tofu.silent, tofu.silent)
        return str(error.value)

    def prepare(self) -> None:
        """Make the bucket, and prepare OpenTofu."""
        self.make_bucket(f"gcloud storage buckets create gs://{BUCKET} --project p --location us")
        prepared = self.run("-C", self.checkout.root, "tofu", "init", "dev")
        assert (0, "") == (prepared.returncode, prepared.stderr)
        assert "\x1b" not in prepared.stdout

    def make_bucket(self, command: str) -> None:
        """What `gcloud storage buckets create` would ask for."""
        words = shlex.split(command)
        place = f"{self.google.url}/storage/v1/b?project={words[words.index('--project') + 1]}"
        body = {
            "name": words[4].removeprefix("gs://"),
            "location": words[words.index("--location") + 1],
        }
        data = json.dumps(body).encode()
        urllib.request.urlopen(urllib.request.Request(place, data, method="POST")).close()


@pytest.fixture
def reached(checkout: Checkout, run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reached]:
    monkeypatch.setattr(ready, "LOCK_SECONDS", 1)
    checkout.write("dev-config.env", "".join(f"{name}=x\n" for name in config_env.REQUIRED))
    (checkout.root / "dev-config.env").chmod(0o600)
    checkout.write("cdktf.out/stacks/dev/cdk.tf.json", json.dumps(STACK))
    checkout.remember()
    with FakeGoogle(switched_on=True) as google:
        for name, value in google.environment().items():
            monkeypatch.setenv(name, value)
        yield Reached(checkout, google, run)


@pytest.mark.tofu
@pytest.mark.usefixtures("tofu")
def test_no_bucket(reached: Reached) -> None:
    """The commands that make it are filled in; run, they lead on."""
    told = reached.tofu("init")

    assert f"There is no bucket gs://{BUCKET}, where the state of dev is to be" in told
    create, update = re.findall(r"^    (gcloud .+)$", told, re.MULTILINE)
    assert f"gcloud storage buckets update gs://{BUCKET} --versioning" == update
    reached.make_bucket(create)
    prepared = reached.run("-C", reached.checkout.root, "tofu", "init", "dev")
    assert (0, "") == (prepared.returncode, prepared.stderr)
    assert "\x1b" not in prepared.stdout


@pytest.mark.tofu
@pytest.mark.usefixtures("tofu")
def test_a_bucket_that_is_gone(reached: Reached) -> None:
    """A plan says the same as `init`."""
    store = reached.google.store.dump()
    reached.prepare()
    reached.google.store.load(store)

    told = reached.plan()

    assert f"There is no bucket gs://{BUCKET}" in told
    assert told.endswith("Then run `make plan ENV=dev` again")


@pytest.mark.tofu
@pytest.mark.usefixtures("tofu")
def test_nobody_has_signed_in(
    reached: Reached, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has no credentials is told how to get them, at `init` and at a plan."""
    reached.prepare()
    monkeypatch.delenv("GOOGLE_OAUTH_ACCESS_TOKEN")
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))

    for verb in ("init", "plan"):
        told = reached.tofu(verb)

        assert "    gcloud auth application-default login\n" in told
        assert f"Then run `make {verb} ENV=dev` again.\n" in told


@pytest.mark.tofu
@pytest.mark.usefixtures("tofu")
def test_a_bucket_of_others(reached: Reached) -> None:
    """Who may not read it is told where the role is that it takes."""
    reached.google.faults.add(Fault("GET", "/storage/", status=403))

    told = reached.tofu("init")

    assert f"Google does not let you read gs://{BUCKET}" in told
    assert '"Who may apply" in docs/from-nothing.md' in told
    guide = Path(__file__).parents[2] / "docs" / "from-nothing.md"
    assert "## Who may apply\n" in guide.read_text(encoding="utf-8")


@pytest.fixture
def settings(checkout: Checkout) -> Settings:
    (settings,) = load(checkout.root, ["dev"])
    return settings


@pytest.mark.parametrize(
    "complaint",
    [
        # As Google's client says where what was signed in with has run out.
        'oauth2: "invalid_grant" "reauth related error (invalid_rapt)"',
        'auth: "invalid_grant" "Bad Request"',
        "googleapi: Error 401: Invalid Credentials, authError",
    ],
)
def test_credentials_that_have_run_out(complaint: str, settings: Settings) -> None:
    """They are told like missing ones."""
    told = out_of_reach(f"Failed to get existing workspaces: {complaint}", settings, "init")

    assert told
    assert "gcloud auth application-default login" in told


def test_a_state_that_may_only_be_read(settings: Settings) -> None:
    """A lock that may not be written is not taken for a damaged one."""
    complaint = (
        f'Error acquiring the state lock\n\nError message: writing "gs://{BUCKET}/pipeline-zen/dev/'
        'default.tflock" failed: googleapi: Error 403: denied, forbidden'
    )

    told = out_of_reach(complaint, settings, "plan")

    assert told
    assert f"Google does not let you read gs://{BUCKET}, or write to it" in told


@pytest.mark.parametrize(
    "complaint",
    [
        "google_pubsub_topic.one: Error creating Topic: googleapi: Error 403: denied, forbidden",
        "google_storage_bucket.one: googleapi: Error 404: The specified bucket does not exist.",
        "Error acquiring the state lock",
        "",
    ],
)
def test_other_complaints(complaint: str, settings: Settings) -> None:
    """What is about something else is not told as if it were about the state's bucket."""
    assert out_of_reach(complaint, settings, "plan") is None


def test_a_lock_that_is_held() -> None:
    """Who holds it, since when and for what, and the command that removes it."""
    told = lock_held(
        "Error acquiring the state lock\n\nLock Info:\n  ID:        1764082800123456\n"
        "  Path:      gs://b/p/default.tflock\n  Operation: OperationTypeApply\n"
        "  Who:       ann@desk\n  Created:   2026-11-25 10:00:00 UTC\n\nUse -lock=false\n",
        "dev",
    )

    assert told
    assert "by ann@desk, since 2026-11-25 10:00:00 UTC, for: apply." in told
    assert "    tofu -chdir=cdktf.out/stacks/dev force-unlock 1764082800123456\n" in told
    assert "-lock=false" not in told


@pytest.mark.parametrize(
    "complaint", ["", "Error: something else", "Error acquiring the state lock"]
)
def test_no_lock(complaint: str) -> None:
    """Another complaint, or one that names no lock, is left as it is."""
    assert lock_held(complaint, "dev") is None


def test_a_complaint_in_words() -> None:
    """With its address, if it has one; what looks like a secret is masked."""
    token = "hf_" + "a1B2c3D4e5" * 4

    assert "x.y: Oh\nno" == problem({"address": "x.y", "summary": "Oh", "detail": "no"})
    assert "Oh" == problem({"summary": "Oh", "detail": ""})
    assert token not in problem({"summary": f"HF_TOKEN={token}"})
    assert "Oh" == said("\n Oh \n")


def test_what_is_protected() -> None:
    """OpenTofu's advice is to lift the protection; ours keeps it."""
    told = advised(
        "Resource instance cannot be destroyed\nResource google_pubsub_topic.one has\n"
        "lifecycle.prevent_destroy set, but the plan calls for this resource to be destroyed. To "
        "avoid this error, disable lifecycle.prevent_destroy.",
        "prod",
    )

    assert "`tofu -chdir=cdktf.out/stacks/prod untaint google_pubsub_topic.one`" in told
    assert "disable" not in told
    assert "anything else" == advised("anything else", "prod")


def test_what_is_not_there_to_adopt() -> None:
    """Its address is told, with the command that leaves it out."""
    told = advised(
        "Cannot import non-existent remote object\nWhile attempting to import an existing object "
        'to\n"google_pubsub_topic.one", the provider detected that no object exists',
        "prod",
    )

    assert "`pipeline-zen adopt prod --without google_pubsub_topic.one`" in told

"""Deployments: where the provider comes from, and where the state lies."""

import json
import os
import shutil
import subprocess
import urllib.request
from pathlib import Path

import pytest

from fake_google import FakeGoogle
from pipeline_zen.rehearsal import Deployment
from pipeline_zen.tofu import RunError


@pytest.mark.tofu
def test_a_kept_provider_needs_no_network(tofu: str, tmp_path: Path) -> None:
    """What was fetched once is installed from there, wherever OpenTofu would look."""
    assert tofu
    with FakeGoogle() as google:
        first = Deployment(google, tmp_path / "first", "dev")
        stack = {"terraform": {"required_providers": {"google": {"source": "hashicorp/google"}}}}
        (first.folder / "stack.tf.json").write_text(json.dumps(stack), encoding="utf-8")
        first.init()
        kept = tmp_path / "providers"
        # Where OpenTofu has fetched it rather than found it in a mirror, it lies there for good.
        shutil.copytree(first.folder / ".terraform" / "providers", kept)
        nowhere = tmp_path / "nowhere.tfrc"
        nowhere.write_text('provider_installation {\n  direct { exclude = ["*/*/*"] }\n}\n')

        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TF_CLI_CONFIG_FILE", str(nowhere))
            second = Deployment(google, tmp_path / "second", "dev", providers=kept)
            shutil.copy(first.folder / "stack.tf.json", second.folder)
            second.init()

        assert "Installing hashicorp/google v" in "".join(second.output)


@pytest.mark.tofu
def test_a_provider_that_cannot_be_had(tofu: str, tmp_path: Path) -> None:
    """It is said that it is fetched once, and how to do without the network."""
    assert tofu
    nowhere = tmp_path / "nowhere.tfrc"
    nowhere.write_text('provider_installation {\n  direct { exclude = ["*/*/*"] }\n}\n')
    with FakeGoogle() as google, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TF_CLI_CONFIG_FILE", str(nowhere))
        deployment = Deployment(google, tmp_path / "first", "dev")
        stack = {"terraform": {"required_providers": {"google": {"source": "hashicorp/google"}}}}
        (deployment.folder / "stack.tf.json").write_text(json.dumps(stack), encoding="utf-8")

        with pytest.raises(RunError, match="fetched the first time, which needs the network"):
            deployment.init()


@pytest.mark.tofu
def test_a_state_in_a_bucket(tofu: str, tmp_path: Path) -> None:
    """The gcs backend works on the fake as well: state, lock and all."""
    with FakeGoogle(switched_on=True) as google:
        place = google.url + "/storage/v1/b?project=eng-ai-dev"
        bucket = urllib.request.Request(place, b'{"name": "states"}', method="POST")
        urllib.request.urlopen(bucket).close()
        stack = {
            "terraform": {
                "backend": {"gcs": {"bucket": "states", "prefix": "p"}},
                "required_providers": {"google": {"source": "hashicorp/google"}},
            },
            "resource": {"google_pubsub_topic": {"t": {"name": "topic", "project": "eng-ai-dev"}}},
        }
        (tmp_path / "stack.tf.json").write_text(json.dumps(stack), encoding="utf-8")
        for arguments in (
            ["init"],
            ["apply", "-auto-approve"],
            ["plan", "-detailed-exitcode"],
            ["state", "list"],
        ):
            result = subprocess.run(
                [tofu, f"-chdir={tmp_path}", *arguments, "-no-color"],
                env={**os.environ, **google.environment()},
                capture_output=True,
                text=True,
                check=False,
            )
            assert 0 == result.returncode, result.stderr

        assert "google_pubsub_topic.t\n" == result.stdout
        assert ["states/p/default.tfstate"] == list(google.store.dump()["kinds"]["storage.objects"])
        assert not list(tmp_path.glob("*.tfstate"))

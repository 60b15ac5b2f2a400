"""Accidents, and the ways out of them: each is walked by the words of docs/operating.md."""

import re
import shlex
import subprocess
import time
import urllib.request
from collections.abc import Callable

import pytest

from fake_google import FakeGoogle, Fault, Request
from pipeline_zen.tofu import ADOPTED, TofuError, ready
from tests.conftest import ROOT
from tests.tofu.site import STATE, Site, held_lock, kill_all, start
from tests.tofu.yard import Yard, essence, go_on

pytestmark = [pytest.mark.slow, pytest.mark.tofu, pytest.mark.node]

Yards = Callable[[str], Yard]

GUIDE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")

META = "pipeline-zen-jobs-meta"
TOPIC = f"google_pubsub_topic.{META}"
SECRET = "google_secret_manager_secret.pipeline-zen-jobs-config"


def _tofu(site: Site, *arguments: str) -> str:
    done = subprocess.run(
        ["tofu", f"-chdir={site.folder}", *arguments], capture_output=True, text=True, check=False
    )
    assert 0 == done.returncode, done.stderr
    return done.stdout


def _done(site: Site, *, plan: int = 2) -> None:
    """Plan and apply by the verbs, to a plan that is empty."""
    planned = site.tofu("plan", "dev")
    assert plan == planned.returncode, planned.stdout + planned.stderr
    if plan:
        applied = site.tofu("apply", "dev", "--yes")
        assert 0 == applied.returncode, applied.stderr
    assert 0 == site.plan().status


def _put_lock(site: Site, body: bytes) -> None:
    place = f"{site.google.url}/upload/storage/v1/b/{STATE}/o?uploadType=media"
    name = "pipeline-zen/dev/default.tflock"
    request = urllib.request.Request(f"{place}&name={name}", body, method="POST")
    urllib.request.urlopen(request).close()


@pytest.mark.parametrize("environment", ["dev", "prod"])
@pytest.mark.parametrize("address", [TOPIC, SECRET])
def test_tainted(address: str, environment: str, yards: Yards) -> None:
    """A read that failed right after the creation: the command that is told, and all is well."""
    yard = yards(environment)
    yard.reset("first-done")
    yard.tofu(f"-chdir=cdktf.out/stacks/{environment}", "taint", address)
    before = len(yard.said)

    assert go_on(yard), "".join(yard.said)

    told = "".join(yard.said[before:])
    assert f"untaint {address}" in told
    assert "tofu apply" not in told
    assert essence(yard.site.stores["first-done"]) == essence(yard.site.google.store.dump())


@pytest.mark.parametrize("body", [b"", b"not JSON"])
def test_a_damaged_lock(body: bytes, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock that nobody can read is told with the command that removes it."""
    _put_lock(site, body)
    monkeypatch.setattr(ready, "LOCK_SECONDS", 1)

    with pytest.raises(TofuError) as error:
        site.plan()

    (command,) = re.findall(r"^    (gcloud storage rm \S+)$", str(error.value), re.MULTILINE)
    # What gcloud would ask for.
    _, _, _, place = shlex.split(command)
    bucket, _, name = place.removeprefix("gs://").partition("/")
    quoted = name.replace("/", "%2F")
    request = f"{site.google.url}/storage/v1/b/{bucket}/o/{quoted}"
    urllib.request.urlopen(urllib.request.Request(request, method="DELETE")).close()
    assert not held_lock(site)
    assert 0 == site.plan().status


def test_a_state_that_is_lost(site: Site) -> None:
    """All that has a name is adopted, and the rest is made anew, which changes nothing."""
    place = f"{site.google.url}/storage/v1/b/{STATE}/o/pipeline-zen%2Fdev%2Fdefault.tfstate"
    urllib.request.urlopen(urllib.request.Request(place, method="DELETE")).close()
    assert 3 == site.tofu("plan", "dev").returncode

    assert 0 == site.run("-C", site.root, "adopt", "dev", "--all").returncode
    planned = site.tofu("plan", "dev")
    assert 2 == planned.returncode, planned.stdout
    applied = site.tofu("apply", "dev", "--yes")

    assert 0 == applied.returncode, applied.stderr
    assert not (site.folder / ADOPTED).exists()
    assert 0 == site.plan().status


def test_a_leftover_adoption(site: Site) -> None:
    """It is named by every plan, does no harm, and goes with the next good apply."""
    assert 0 == site.run("-C", site.root, "adopt", "dev", TOPIC).returncode

    planned = site.tofu("plan", "dev")

    assert 0 == planned.returncode, planned.stdout
    assert f"{site.folder / ADOPTED} names" in planned.stderr
    site.checkout.write("VERSION", "0.61.0\n")
    site.synth()
    _done(site)
    assert not (site.folder / ADOPTED).exists()
    assert not (site.folder / "applied.tfplan").exists()


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_an_adoption_of_what_is_not_there(environment: str, yards: Yards) -> None:
    """The plan tells the command that leaves it out; what else is adopted still is."""
    yard = yards(environment)
    yard.reset("first-done")
    _delete(yard.site.google, f"/pubsub/v1/projects/eng-ai-{environment}/topics/{META}")
    for address in (TOPIC, SECRET):
        yard.tofu(f"-chdir=cdktf.out/stacks/{environment}", "state", "rm", address)
    assert 0 == yard.verb("adopt", TOPIC, SECRET).returncode
    before = len(yard.said)

    assert go_on(yard), "".join(yard.said)

    told = "".join(yard.said[before:])
    assert f"`pipeline-zen adopt {environment} --without {TOPIC}`" in told
    assert "1 to import" in told
    assert not (yard.site.folder / ADOPTED).exists()
    assert essence(yard.site.stores["first-done"]) == essence(yard.site.google.store.dump())


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_a_subscription_on_no_topic(environment: str, yards: Yards) -> None:
    """It cannot be given its topic back: once it is emptied and deleted, both are made anew."""
    yard = yards(environment)
    yard.reset("first-done")
    google, project = yard.site.google, f"eng-ai-{environment}"
    _delete(google, f"/pubsub/v1/projects/{project}/topics/pipeline-zen-jobs-stop")
    subscriptions = google.store.dump()["kinds"]["pubsub.subscriptions"].values()
    assert "_deleted-topic_" in {subscription["topic"] for subscription in subscriptions}
    assert yard.verb("tofu plan").returncode in (1, 3)

    name = "pipeline-zen-jobs-stop-runner"
    assert f"gcloud pubsub subscriptions delete {name} --project" in GUIDE
    _delete(google, f"/pubsub/v1/projects/{project}/subscriptions/{name}")

    assert go_on(yard), "".join(yard.said)
    assert essence(yard.site.stores["first-done"]) == essence(google.store.dump())


def _delete(google: FakeGoogle, path: str) -> None:
    status, answer = google.answer(Request("DELETE", path, {}))
    assert 200 == status, answer


@pytest.mark.faults
@pytest.mark.parametrize("requests", [0, 1, 2, 3])
def test_an_apply_that_is_killed(requests: int, planned: Site) -> None:
    """At each stage of a release: unlock by the command that is shown, adopt, apply."""
    planned.google.forget_requests()
    planned.google.faults.add(Fault("POST|PATCH|DELETE", "/compute/v1/", nth=requests + 1,
                                    status=0, seconds=5))  # fmt: skip
    process = start(planned, "apply", "dev", "--yes")
    while not held_lock(planned):
        assert process.poll() is None
        time.sleep(0.02)
    time.sleep(2.5)
    kill_all(process.pid, planned.root)
    process.communicate(timeout=60)

    for _ in range(4):
        result = planned.tofu("plan", "dev")
        said = result.stdout + result.stderr
        unlock = re.search(r"^    tofu (-chdir=\S+ force-unlock \d+)$", said, re.MULTILINE)
        if unlock:
            # As a person answers its question.
            command = ["tofu", *unlock[1].replace("force-unlock", "force-unlock -force").split()]
            subprocess.run(command, cwd=planned.root, check=True, capture_output=True)
            continue
        if result.returncode == 0:
            break
        assert 2 == result.returncode, said
        applied = planned.tofu("apply", "dev", "--yes")
        if applied.returncode:
            address = "google_compute_instance_template.pipeline-zen-jobs-1xv100-tpl"
            assert "already exists" in applied.stderr, applied.stderr
            _tofu(planned, "state", "rm", address)
            assert 0 == planned.run("-C", planned.root, "adopt", "dev", address).returncode
    assert 0 == planned.plan().status

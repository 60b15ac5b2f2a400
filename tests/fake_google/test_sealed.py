"""Nothing leaves 127.0.0.1: what the fake does not serve ends there too, and is named."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from fake_google import FakeGoogle
from fake_google.endpoints import ENDPOINTS
from pipeline_zen import kinds
from tests.conftest import ROOT
from tests.fake_google.opentofu import CONFIGURATIONS, VERSIONS, Configuration
from tests.small_fleet import small_repository

pytestmark = pytest.mark.tofu

UNSERVED = (CONFIGURATIONS / "unserved.tf").read_text(encoding="utf-8")

WITHOUT_VARIABLE = {"resource_manager3"}
"""What can only be set in the provider's own block."""


@pytest.fixture(params=VERSIONS)
def configuration(
    request: pytest.FixtureRequest, google: FakeGoogle, tofu: str, tmp_path: Path
) -> Configuration:
    return Configuration(google, tmp_path, tofu, request.param)


def test_every_endpoint_of_the_provider(configuration: Configuration) -> None:
    """The provider can be pointed to nothing that the list of endpoints does not have."""
    configuration.write("")
    _, text = configuration.run("providers", "schema", "-json")
    providers = json.loads(text)["provider_schemas"]
    (provider,) = providers.values()

    attributes = provider["provider"]["block"]["attributes"]
    names = {name[:-16] for name in attributes if name.endswith("_custom_endpoint")}
    assert len(names) > 100
    wanted = {f"GOOGLE_{name.upper()}_CUSTOM_ENDPOINT" for name in names - WITHOUT_VARIABLE}
    assert wanted <= ENDPOINTS.keys()


def without_a_network(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """Python on a machine that has loopback, and no way out."""
    if not shutil.which("unshare") or not shutil.which("ip"):
        pytest.skip("no network namespaces here")
    inside = 'ip link set lo up && exec "$@"'
    command = ["unshare", "-rn", "sh", "-c", inside, "sh", sys.executable, *arguments]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if "unshare: " in result.stderr:
        pytest.skip("no network namespaces here")
    return result


def test_without_a_network(configuration: Configuration) -> None:
    """Without any way out, thirty types that are not served are refused by name, each at once."""
    configuration.write(UNSERVED)
    module = "tests.fake_google.sealing"
    result = without_a_network("-m", module, configuration.folder, configuration.tofu)
    outcome = json.loads(result.stdout)

    errors = [
        line["diagnostic"]
        for line in map(json.loads, outcome["output"].splitlines())
        if line.get("diagnostic", {}).get("severity") == "error"
    ]
    types = set(re.findall(r'^resource "(\w+)"', UNSERVED, re.MULTILINE)) - {"google_pubsub_topic"}
    assert 1 == outcome["status"]
    assert types == {error["address"].partition(".")[0] for error in errors}
    for error in errors:
        text = error["summary"] + error["detail"]
        if "bigtable" not in error["address"]:
            assert re.search(r"does not serve [\w.]+ of \w+\.googleapis\.com", text), text
    hosts = {host for host, _, _ in outcome["asked"]}
    assert {"", "openidconnect.googleapis.com"} == hosts


@contextmanager
def recorded(google: FakeGoogle) -> Iterator[tuple[str, set[str]]]:
    """A proxy of the test's own: its address, and the hosts that it led to the fake for."""
    hosts: set[str] = set()

    def lead(client: socket.socket) -> None:
        begin = client.recv(65_536)
        if not begin:
            return
        target = begin.decode("latin-1").split(" ")[1]
        hosts.add(urlsplit(target).netloc or target)
        with socket.create_connection(("127.0.0.1", urlsplit(google.url).port or 0)) as server:
            server.sendall(begin)
            back = threading.Thread(target=pipe, args=(server, client))
            back.start()
            pipe(client, server)
            back.join()

    def led(client: socket.socket) -> None:
        with client:
            lead(client)

    def serve() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=led, args=(client,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", hosts
        listener.shutdown(socket.SHUT_RDWR)


def pipe(source: socket.socket, target: socket.socket) -> None:
    """Hand on what comes, until no more does."""
    try:
        while data := source.recv(65_536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        """One side has gone away."""


@pytest.mark.slow
def test_the_hosts_that_are_asked_for(google: FakeGoogle, tofu: str, tmp_path: Path) -> None:
    """Of all types that a stack has, and of thirty others, none is looked for anywhere else."""
    kept = (CONFIGURATIONS / "kept.tf").read_text(encoding="utf-8")
    used = set(re.findall(r'^resource "(\w+)"', kept, re.MULTILINE))
    others = set(re.findall(r'^resource "(\w+)"', UNSERVED, re.MULTILINE)) - used
    assert {kind.type for kind in kinds.KINDS.values()} <= used
    assert len(others) > 20

    with recorded(google) as (proxy, hosts):
        names = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
        configuration = Configuration(
            google, tmp_path, tofu, VERSIONS[-1], variables=dict.fromkeys(names, proxy)
        )
        configuration.write(kept)
        (tmp_path / "others.tf").write_text(UNSERVED.partition("}")[2], encoding="utf-8")
        status, _ = configuration.apply()

    assert 1 == status
    # The empty one is Bigtable's: gRPC can make no host of an address that begins with http.
    assert {"", "openidconnect.googleapis.com:443"} == hosts
    made = {address.partition(".")[0] for address in configuration.run("state", "list")[1].split()}
    assert used <= made


@pytest.mark.node
def test_a_rehearsal_without_a_network(tofu: str, tmp_path: Path) -> None:
    """All that an environment is made of is applied, and planned again, without any way out."""
    assert tofu
    if not os.environ.get("TF_CLI_CONFIG_FILE"):
        pytest.skip("the provider is not on this machine")
    checkout = small_repository(tmp_path / "checkout")

    result = without_a_network("-m", "pipeline_zen", "-C", checkout.root, "rehearse", "dev")

    assert 0 == result.returncode, result.stderr

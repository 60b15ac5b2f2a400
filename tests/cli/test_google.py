"""`pipeline-zen fake-google`, as a user runs it."""

import json
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import Run


class TestFakeGoogle:
    """The verb that runs the server."""

    def _start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "pipeline_zen", "fake-google", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _url(self, process: "subprocess.Popen[str]") -> str:
        assert process.stdout
        exports: dict[str, str] = {}
        while "GOOGLE_OAUTH_ACCESS_TOKEN" not in exports:
            line = process.stdout.readline()
            assert line
            name, _, value = line.strip().removeprefix("export ").partition("=")
            exports[name] = value
        return exports["GOOGLE_PUBSUB_CUSTOM_ENDPOINT"].removesuffix("/pubsub/v1/")

    @pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
    def test_it_keeps_its_store(self, end: signal.Signals, tmp_path: Path) -> None:
        """It prints where it is, and has the next time what it had the last."""
        store = tmp_path / "store.json"
        topic = "/pubsub/v1/projects/some-project/topics/jobs"

        process = self._start("--store", str(store))
        url = self._url(process)
        request = urllib.request.Request(url + topic, data=b"{}", method="PUT")
        urllib.request.urlopen(request).close()
        process.send_signal(end)
        _, errors = process.communicate(timeout=20)

        assert 0 == process.returncode
        assert f"The fake Google listens at {url}; Ctrl-C stops it.\n" == errors

        process = self._start("--store", str(store))
        with urllib.request.urlopen(self._url(process) + topic) as answer:
            assert "projects/some-project/topics/jobs" == json.load(answer)["name"]
        process.send_signal(end)
        process.communicate(timeout=20)

    def test_a_port_that_is_taken(self, run: Run) -> None:
        """A port that another program has is told in a line."""
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]

            result = run("fake-google", "--port", str(port))

        assert 1 == result.returncode
        assert f"Port {port} cannot be listened on: Address already in use.\n" == result.stderr

    @pytest.mark.parametrize("text", ["", "{}", "[]", '{"serial": 1, "kinds": {"x": 3}}'])
    def test_a_store_that_is_none(self, text: str, run: Run, tmp_path: Path) -> None:
        """A file of another kind is not taken for a store, nor overwritten."""
        file = tmp_path / "file.json"
        file.write_text(text, encoding="utf-8")

        result = run("fake-google", "--store", str(file))

        assert 1 == result.returncode
        assert f"{file} is not a store that fake-google has written.\n" == result.stderr
        assert text == file.read_text(encoding="utf-8")

    def test_a_place_that_is_none(self, run: Run, tmp_path: Path) -> None:
        """A folder that is missing is told at once, not when the store is to be kept."""
        result = run("fake-google", "--store", str(tmp_path / "missing" / "store.json"))

        assert 1 == result.returncode
        assert "missing" in result.stderr
        assert "Traceback" not in result.stderr

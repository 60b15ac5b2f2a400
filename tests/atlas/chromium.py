"""Chromium, driven over a pipe by its own protocol: what a page looks like, and what is wrong."""

import base64
import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Chromium:
    """A browser with one page, at a width that is asked for."""

    def __init__(self, send: int, receive: int) -> None:
        self._send = os.fdopen(send, "wb", buffering=0)
        self._receive = os.fdopen(receive, "rb", buffering=0)
        self._number = 0
        self._rest = b""
        self._session = ""
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        attached = self._call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        self._call("Page.enable")
        self._call("Network.enable")
        self.requests: list[str] = []
        """The addresses that the page has asked for."""

    def open(
        self, file: Path, width: int, *, scheme: str = "light", javascript: bool = True
    ) -> None:
        """Open *file* from the disk in a window of that width."""
        self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=False,
        )
        self._call(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": scheme}],
        )
        self._call("Emulation.setScriptExecutionDisabled", value=not javascript)
        self._call("Page.navigate", url=file.resolve().as_uri())
        while self._message().get("method") != "Page.loadEventFired":
            pass

    def run(self, expression: str) -> Any:
        """What a JavaScript expression, or its promise, comes to."""
        result = self._call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def picture(self) -> bytes:
        """The whole page as PNG."""
        shown = self._call("Page.captureScreenshot", captureBeyondViewport=True)
        return base64.b64decode(shown["data"])

    def printed(self) -> bytes:
        """The page as PDF."""
        return base64.b64decode(self._call("Page.printToPDF", preferCSSPageSize=True)["data"])

    def close(self) -> None:
        """End the browser."""
        self._session = ""
        self._call("Browser.close")
        self._send.close()
        self._receive.close()

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._send.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self._message()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return dict(answer["result"])

    def _message(self) -> Mapping[str, Any]:
        while b"\0" not in self._rest:
            more = os.read(self._receive.fileno(), 1 << 20)
            assert more, "Chromium has ended"
            self._rest += more
        text, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        if message.get("method") == "Network.requestWillBeSent":
            self.requests.append(message["params"]["request"]["url"])
        return message


@contextmanager
def chromium(path: str, profile: Path) -> Iterator[Chromium]:
    """The browser at *path*, with a profile of its own."""
    ours, theirs = os.pipe(), os.pipe()
    # The protocol's pipes are number 3 and 4 for Chromium.
    command = 'exec 3<&"$1" 4>&"$2"; shift 2; exec "$@"'
    process = subprocess.Popen(
        ["bash", "-c", command, "bash", str(ours[0]), str(theirs[1]),
         path, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
         "--hide-scrollbars", "--no-first-run", f"--user-data-dir={profile}", "about:blank"],
        pass_fds=(ours[0], theirs[1]),
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(ours[0])
    os.close(theirs[1])
    browser = Chromium(ours[1], theirs[0])
    try:
        yield browser
    finally:
        browser.close()
        process.wait(timeout=20)

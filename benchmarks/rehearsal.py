"""
Measures rehearsals and the fake Google beneath them. Needs OpenTofu.

    make bench-rehearsal

Requests a second are measured beside a bare server of the standard library, which answers
everything with the same few bytes: their ratio says what checking, locking and storing cost. The
client is the same small program, in processes of its own. What a rehearsal takes beyond half of
what is computed is, on two processors, the provider's own waiting: ten seconds after a service
account is made, and for operations.
"""

import argparse
import http.client
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.measuring import PIPELINE_ZEN, ROOT
from fake_google import FakeGoogle
from pipeline_zen.rehearsal import Deployment
from pipeline_zen.settings import load
from pipeline_zen.stack import synth

CLIENTS = 2
TOPIC = "/pubsub/v1/projects/eng-ai-dev/topics/jobs"


class Bare(BaseHTTPRequestHandler):
    """Answers everything with the same few bytes."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer."""
        body = b'{"name": "projects/eng-ai-dev/topics/jobs"}'
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n"
        self.wfile.write(head.encode() + body)


def ask(port: int, requests: int) -> None:
    """Read one topic, over and over, on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for _ in range(requests):
        connection.request("GET", TOPIC)
        connection.getresponse().read()


def rate(port: int, requests: int) -> float:
    """Requests a second that the server at *port* answers."""
    with ProcessPoolExecutor(CLIENTS) as pool:
        list(pool.map(time.sleep, [0.1] * CLIENTS))  # the processes are there
        begun = time.perf_counter()
        list(pool.map(ask, [port] * CLIENTS, [requests] * CLIENTS))
        return CLIENTS * requests / (time.perf_counter() - begun)


def rates(rounds: int, requests: int) -> tuple[float, float]:
    """The medians of a bare server and of the fake Google."""
    bare: list[float] = []
    fake: list[float] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bare)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with FakeGoogle(switched_on=True) as google:
        port = int(google.url.rpartition(":")[2])
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("PUT", TOPIC, "{}")
        connection.getresponse().read()
        for _ in range(rounds):
            bare.append(rate(server.server_address[1], requests))
            fake.append(rate(port, requests))
    server.shutdown()
    return statistics.median(bare), statistics.median(fake)


def ready() -> float:
    """Seconds from the command line to the first answer."""
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "pipeline_zen", "fake-google"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        line = process.stdout.readline() if process.stdout else ""
        port = int(line.rpartition(":")[2].partition("/")[0])
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/_control/left")
        connection.getresponse().read()
        seconds = time.perf_counter() - begun
        process.terminate()
    return seconds


@dataclass(frozen=True)
class Held:
    """What a rehearsal took, as a user holds it."""

    seconds: float
    computed: float
    """Seconds of processors, in all programs; of two, so many pass in half the time."""
    megabytes: int
    """The peak of the process that holds both the server and synthesis."""

    def __str__(self) -> str:
        return f"{self.seconds:6.1f} s    {self.computed:.0f} s computed, {self.megabytes} MB"


def rehearsed(directory: Path, *arguments: str) -> Held:
    """Hold a rehearsal."""
    begun, computed = time.perf_counter(), _computed()
    peak = 0
    command = [*PIPELINE_ZEN, "-C", str(directory), "rehearse", *arguments]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            try:
                status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
                peak = max(peak, int(status.partition("VmHWM:")[2].split()[0]))
            except (OSError, IndexError):
                pass
            time.sleep(0.1)
    if process.returncode not in (0, 2):
        sys.exit("a rehearsal failed")
    return Held(time.perf_counter() - begun, _computed() - computed, peak // 1024)


def _computed() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def rehearsals(checkout: Path) -> None:
    """Rehearse dev from nothing, all side by side, and a label and a release from a kept base."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder)
        subprocess.run(["git", "clone", "--quiet", str(checkout), folder], check=True)
        alone = rehearsed(clone, "dev")
        print(f"rehearsal of dev      {alone}")
        together = rehearsed(clone)
        times = together.seconds / alone.seconds
        print(f"all side by side      {together}, {times:.2f} times one")
        base = clone / "config" / "base.yaml"
        text = base.read_text(encoding="utf-8")
        base.write_text(f"{text}\nlabels: {{measured: here}}\n", encoding="utf-8")
        print(f"a label, base made    {rehearsed(clone, 'dev', '--from', 'HEAD')}")
        print(f"a label, base kept    {rehearsed(clone, 'dev', '--from', 'HEAD')}")
        base.write_text(text, encoding="utf-8")
        (clone / "VERSION").write_text("0.99.0\n", encoding="utf-8")
        print(f"a release, base kept  {rehearsed(clone, 'dev', '--from', 'HEAD')}")


def planned(checkout: Path) -> tuple[float, float]:
    """Seconds of a plan of dev, from nothing and once it is applied."""
    with tempfile.TemporaryDirectory() as folder, FakeGoogle() as google:
        (written,) = synth(load(checkout, ["dev"]), Path(folder) / "out")
        deployment = Deployment(google, Path(folder) / "now", "dev")
        deployment.put(written.file)
        deployment.init()
        seconds = []
        for step in (deployment.plan, deployment.apply, deployment.plan):
            begun = time.perf_counter()
            step()
            seconds.append(time.perf_counter() - begun)
        return seconds[0], seconds[2]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure rehearsals.")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of requests (default: 3)")
    parser.add_argument("--requests", type=int, default=3_000, help="in each (default: 3000)")
    parser.add_argument(
        "--checkout", type=Path, default=ROOT, help="a git repository with the settings"
    )
    options = parser.parse_args()
    rounds, checkout = options.rounds, options.checkout

    print(f"server ready          {statistics.median(ready() for _ in range(rounds)):6.2f} s")
    bare, fake = rates(rounds, options.requests)
    print(f"requests a second     {fake:6.0f}      {fake / bare:.2f} of a bare server's {bare:.0f}")
    nothing, applied = planned(checkout)
    print(f"plan of dev           {nothing:6.1f} s    from nothing")
    print(f"                      {applied:6.1f} s    applied, empty")
    rehearsals(checkout)


if __name__ == "__main__":
    main()

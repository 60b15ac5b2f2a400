"""
Ctrl-C and its like: what was started ends first, and what was made for a while is removed.

SIGTERM, by which machines stop a program, and SIGHUP, by which a closed terminal does, count as
Ctrl-C. One that is ignored, as with `nohup`, stays so.
"""

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

MOST = 3
"""The interruption that kills."""

_WAITING = "\nInterrupted: waiting for what runs to end. A second Ctrl-C hurries it.\n"

Handler = Callable[[int, FrameType | None], None]


@contextmanager
def once() -> Iterator[None]:
    """
    Have the first interruption raise KeyboardInterrupt, and ignore further ones from then on.

    So whatever cleans up is not interrupted itself. To be used around the whole program.
    """

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    with _handled(interrupt):
        yield


@contextmanager
def running(
    command: list[str], *, patience: float | None = None, **options: Any
) -> Iterator["subprocess.Popen[str]"]:
    """
    A program as a running process, which is interrupted when we are and ends before we go on.

    It does not share our terminal, so that each interruption reaches it once, from here: OpenTofu
    ends tidily at the first, and at once at the second. The third kills it with all that it has
    started, and so do *patience* seconds after the first. Once it has ended, KeyboardInterrupt is
    raised. Where the body fails, the program is interrupted as well.
    """
    interruptions = _Interruptions(patience)
    with _handled(interruptions.pass_on) as before:
        process = subprocess.Popen(  # noqa: S603 - a list, and no shell
            command, text=True, start_new_session=True, **options
        )
        interruptions.process = process
        try:
            if interruptions.count:
                interruptions.tell()
            yield process
        except BaseException:
            interruptions.tell()
            raise
        finally:
            _read_to_the_end(process)
            interruptions.end()
    if interruptions.count:
        before(signal.SIGINT, None)


class _Interruptions:
    """Interruptions of ours, and what a program is told of them."""

    def __init__(self, patience: float | None) -> None:
        self.count = 0
        self.process: subprocess.Popen[str] | None = None
        self._patience = patience
        self._killer: threading.Timer | None = None

    def pass_on(self, _number: int, _frame: FrameType | None) -> None:
        """One more has come."""
        self.count += 1
        if self.count == 1:
            # Past Python's own buffers, whose use may be what is interrupted.
            with contextlib.suppress(OSError):
                os.write(2, _WAITING.encode())
        self.tell()

    def tell(self) -> None:
        """Interrupt the program, or end it where it has been told often enough."""
        if self.process is None:
            return
        if self.count >= MOST:
            _kill(self.process)
            return
        self.process.send_signal(signal.SIGINT)
        if self._patience is not None and self._killer is None:
            self._killer = threading.Timer(self._patience, _kill, [self.process])
            self._killer.daemon = True
            self._killer.start()

    def end(self) -> None:
        """Kill nobody any more: it has ended."""
        if self._killer:
            self._killer.cancel()


def _read_to_the_end(process: "subprocess.Popen[str]") -> None:
    """Wait for it without leaving it an output that nobody takes."""
    if any(pipe and not pipe.closed for pipe in (process.stdout, process.stderr)):
        process.communicate()
    else:
        process.wait()


def _kill(process: "subprocess.Popen[str]") -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def _handled(handler: Handler) -> Iterator[Handler]:
    """Give signals to *handler*; what a SIGINT was given to before is handed out."""
    before = signal.getsignal(signal.SIGINT)
    outer = before if callable(before) else signal.default_int_handler
    # Only the main thread is ever interrupted.
    here = threading.current_thread() is threading.main_thread()
    replaced = {}
    for number in SIGNALS if here else ():
        if signal.getsignal(number) is not signal.SIG_IGN:
            replaced[number] = signal.signal(number, handler)
    try:
        yield outer
    finally:
        for number, former in replaced.items():
            # What has come to be ignored since stays so.
            if signal.getsignal(number) is handler:
                signal.signal(number, former)

"""Processes that are started as a user's terminal starts them."""

import signal


def in_the_foreground() -> None:
    """Let Ctrl-C reach the child, also where the tests run in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)

"""Errors that are for the user: what failed, in a sentence, and what to do about it."""

from pipeline_zen.visible import visible


class UserError(Exception):
    """
    A failure that is told as a sentence, without a traceback.

    The text says where and what, and what to do next; the command line adds the full stop. What it
    quotes cannot move a cursor or hide: it is written out.
    """

    def __str__(self) -> str:
        """The sentence."""
        return visible(super().__str__())

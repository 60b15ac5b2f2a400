"""Errors that are for the user: what failed, in a sentence, and what to do about it."""


class UserError(Exception):
    """
    A failure that is told as a sentence, without a traceback.

    The text says where and what, and what to do next; the command line adds the full stop.
    """

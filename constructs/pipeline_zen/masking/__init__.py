"""
Shows nothing secret: by its mark, by its key, by its look, in commands.

    keys         what is a secret by its key
    assignments  what a text, such as a script, assigns to such keys
    given        what its commands, files and functions are given
    text         what looks like a secret, in any text
"""

from pipeline_zen.masking.text import masked_text

__all__ = ["masked_text"]

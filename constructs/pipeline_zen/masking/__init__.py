"""
Shows nothing secret: by its mark, by its key, by its look, in commands.

    keys         what is a secret by its key
    ends         where in a text a secret ends
    assignments  what a text, such as a script, assigns to such keys
    options      what follows the options of commands
    lists        what follows a name in a list
    calls        what functions, and pairs in a text, are given
    statements   what Dockerfiles, settings of servers and SQL are given
    commands     what commands and files are given besides
    arguments    what commands are given in a list of their arguments
    sequences    what stands in such a list in a text
    text         what looks like a secret, in any text
    embedded     JSON that stands in a text
    values       what is a secret in values of JSON, by its key or by its neighbour
"""

from pipeline_zen.masking.embedded import DEEPEST, embedded, too_deep
from pipeline_zen.masking.keys import MASKED, is_harmless, is_pairs_value, is_secret_key
from pipeline_zen.masking.text import masked_text
from pipeline_zen.masking.values import masked_value, names_secret

__all__ = [
    "DEEPEST",
    "MASKED",
    "embedded",
    "is_harmless",
    "is_pairs_value",
    "is_secret_key",
    "masked_text",
    "masked_value",
    "names_secret",
    "too_deep",
]

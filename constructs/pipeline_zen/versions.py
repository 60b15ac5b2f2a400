"""The versions of OpenTofu and of the Google provider."""

MINIMUM_OPENTOFU = "1.12.4"
"""The first OpenTofu to honour `destroy = false`, by which older states keep what is protected."""

VERSION = "7.45.0"
"""
The version of hashicorp/google that plans and applies.

The classes of the constructs were generated for an older one, 6.50.0, and write the same JSON; what
they do not know is written past them in `stack/beyond.py`. How to go on: docs/provider.md.
"""

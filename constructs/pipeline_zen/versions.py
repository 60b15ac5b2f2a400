"""The Google provider: which version it is, and what it is too old for."""

VERSION = "6.50.0"
"""The version of hashicorp/google that the provider's constructs were generated for."""

NEEDED = {"flex-start": "7.41.0", "reservation-bound": "7.41.0"}
"""The first version that can write a provisioning model, where that is a newer one."""

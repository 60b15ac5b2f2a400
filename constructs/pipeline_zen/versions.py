"""The Google provider and OpenTofu: which versions, and what they are too old for."""

VERSION = "6.50.0"
"""The version of hashicorp/google that the provider's constructs were generated for."""

NEEDED = {"flex-start": "7.41.0", "reservation-bound": "7.41.0"}
"""The first version that can write a provisioning model, where that is a newer one."""

OPENTOFU = "1.12.4"
"""The first OpenTofu to honour `lifecycle.destroy = false`, which keeps what is protected."""

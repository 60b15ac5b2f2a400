"""The versions of OpenTofu and of the Google provider, and what the latter is too old for."""

MINIMUM_OPENTOFU = "1.12.4"
"""The first OpenTofu to honour `lifecycle.destroy = false`, which keeps what is protected."""

VERSION = "6.50.0"
"""The version of hashicorp/google that the provider's constructs were generated for."""

NEEDED = {"flex-start": "7.41.0", "reservation-bound": "7.41.0"}
"""The first version that can write a provisioning model, where that is a newer one."""

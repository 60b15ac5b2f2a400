"""
Secret Manager: secrets, whose payloads are not kept.

    secrets   secrets
    service   what the service says of itself
    versions  their versions
"""

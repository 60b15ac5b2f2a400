"""
OpenTofu: plans for real, applies just what was planned, and takes over what is there.

    interruption  ends what was started first, when it is interrupted
    client        runs OpenTofu in an environment's folder
    planning      plans for real, and applies just what was planned, shown and passed
    adoption      takes over what other code has made: import, moved and removed blocks
"""

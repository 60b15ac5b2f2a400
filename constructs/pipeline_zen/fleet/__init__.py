"""
The fleet as plain values, made from the settings.

    clusters   settings -> clusters, groups and the contents of their templates
    expansion  the same as rows: a table, JSON or YAML
    exposure   the most that the groups hold at once: VMs, GPUs, quota, dollars an hour
    scheduler  what the scheduler must know of the fleet, and what it would do wrong
"""

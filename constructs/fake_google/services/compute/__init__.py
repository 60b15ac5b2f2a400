"""
Compute Engine: instance templates, regional managed instance groups and their VMs.

    group_fields  what a group is told, checked and filled in
    groups        groups
    instances     VMs, in groups and out of them
    members       the VMs of groups: made, deleted, detached and listed
    operations    operations
    paths         names, paths and links
    projects      projects, as Compute Engine sees them
    service       what the service says of itself
    templates     instance templates
"""

from fake_google.services.compute import (
    groups,
    instances,
    members,
    operations,
    projects,
    templates,
)

__all__ = ["groups", "instances", "members", "operations", "projects", "templates"]

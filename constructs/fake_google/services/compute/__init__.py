"""
Compute Engine: instance templates, regional managed instance groups and their VMs.

    aggregation   lists, of one place and over all zones and regions
    group_fields  what a group is told, checked and filled in
    groups        groups
    instances     VMs, in groups and out of them
    members       the VMs of groups: made, deleted, detached and listed
    operations    operations
    paths         names, paths and links
    properties    what is refused in a template
    service       what the service says of itself
    surroundings  places, machine types, images and networks
    templates     instance templates
"""

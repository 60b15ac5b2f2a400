"""The service of Compute Engine, and what it keeps."""

from fake_google.service import Service

TEMPLATES = "compute.instanceTemplates"
GROUPS = "compute.regionInstanceGroupManagers"
INSTANCES = "compute.instances"

compute = Service(
    "compute",
    limits=(
        "Operations are done at once. VMs are there as soon as a group is told to be larger, and "
        "nothing boots.",
        "Every image exists, and every machine type of a family that whoever started the fake says "
        "nothing of; a group's VMs need no quota and find room, unless that is said (`--quota`).",
        "A template is in use while a group names it. Google may count the VMs in the group, too, "
        "and refuse to delete the template of one that has not been replaced yet.",
        "A group's update policy knows OPPORTUNISTIC, which touches no VM, and PROACTIVE, which "
        "replaces all at once; canaries, autohealing, stateful disks and stopped VMs are kept as "
        "they are told.",
    ),
)

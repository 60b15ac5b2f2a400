"""The way of a job as a drawing with the environment's own names: boxes and arrows, not yet SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline_zen import names
from pipeline_zen.fleet import Cluster

WIDTH = 300
_CHARACTERS = 40
"""Characters of a name that fit into a box."""


@dataclass(frozen=True)
class Box:
    """A thing that a job meets."""

    id: str
    title: str
    name: tuple[str, ...]
    """The name in one or two lines."""
    x: int
    y: int
    width: int = WIDTH
    height: int = 62


@dataclass(frozen=True)
class Arrow:
    """What one thing does to another, by the number of its sentence."""

    step: str
    path: str
    """The path of the line, as SVG has it."""
    x: int
    y: int
    """Where the number stands."""


@dataclass(frozen=True)
class Drawing:
    """A drawing, with its size."""

    id: str
    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True)
class Journey:
    """The way of a job of one cluster, drawn for wide and for narrow screens."""

    cluster: str
    steps: tuple[str, ...]
    wide: Drawing
    narrow: Drawing


def journey(fleet: Sequence[Cluster]) -> Journey | None:
    """The way of a job of the cluster with the most groups; None where there is no cluster."""
    if not fleet:
        return None
    cluster = max(fleet, key=lambda each: (len(each.groups), each.gpus, each.name))
    regions = sorted({group.region for group in cluster.groups})
    buckets = sorted({group.results_bucket for group in cluster.groups})
    things = {
        "scheduler": ("Scheduler", names.SCHEDULER_ACCOUNT),
        "start": ("Topic", names.START_TOPIC),
        "subscription": ("Subscription", names.start_subscription(cluster.name)),
        "groups": (
            f"Groups, in {len(regions)} region{'s' * (len(regions) > 1)}",
            names.group(cluster.name, regions[0] if len(regions) == 1 else "…"),
        ),
        "vm": ("VM", names.base_instance(cluster.name, regions[0]) + "-…"),
        "secret": ("Secret", names.CONFIG_SECRET),
        "heartbeats": ("Topic", names.HEARTBEATS_TOPIC),
        "results": (
            "Results bucket" if len(buckets) == 1 else f"One of {len(buckets)} results buckets",
            buckets[0],
        ),
        "stop": ("Topic", names.STOP_TOPIC),
    }
    steps = (
        f"The scheduler publishes a start message for {cluster.name}; only the subscription of "
        "that cluster lets it through.",
        f"It raises the groups of {cluster.name} in every region. They are empty otherwise: GPUs "
        "are paid for only while jobs run.",
        "Where there is capacity a VM starts, reads the secret and takes the message. It leaves "
        "its group, and the other groups go back to zero.",
        "The VM works and sends heartbeats, until it is done or a stop message comes.",
        "It writes its results to the bucket of its part of the world, and deletes itself.",
    )
    return Journey(cluster.name, steps, _wide(things), _narrow(things))


Things = dict[str, tuple[str, str]]


def _box(things: Things, id_: str, x: int, y: int) -> Box:
    title, name = things[id_]
    return Box(id_, title, _lines(name), x, y)


def _lines(name: str) -> tuple[str, ...]:
    """A name that is too long for one line, broken behind a dash."""
    if len(name) <= _CHARACTERS:
        return (name,)
    end = name.rfind("-", 0, _CHARACTERS) + 1 or _CHARACTERS
    return (name[:end], name[end:])


def _wide(things: Things) -> Drawing:
    grid = (("scheduler", "start", "subscription"), ("groups", "vm", "secret"),
            ("heartbeats", "results", "stop"))  # fmt: skip
    boxes = tuple(
        _box(things, id_, 30 + 380 * column, 20 + 122 * row)
        for row, ids in enumerate(grid)
        for column, id_ in enumerate(ids)
    )
    arrows = (
        Arrow("1", "M330 51 H410", 370, 51),
        Arrow("1", "M710 51 H790", 750, 51),
        Arrow("2", "M180 82 V142", 180, 112),
        Arrow("3", "M330 173 H410", 370, 173),
        Arrow("3", "M790 173 H710", 750, 173),
        Arrow("3", "M870 82 V112 H650 V142", 760, 112),
        Arrow("4", "M470 204 V234 H210 V264", 340, 234),
        Arrow("4", "M30 295 H12 V51 H30", 12, 173),
        Arrow("4", "M940 264 V234 H650 V204", 795, 234),
        Arrow("5", "M560 204 V264", 560, 234),
    )
    return Drawing("wide", 1110, 346, boxes, arrows)


def _narrow(things: Things) -> Drawing:
    order = ("scheduler", "start", "subscription", "groups", "secret", "vm", "heartbeats", "stop",
             "results")  # fmt: skip
    steps = ("1", "1", "2", "3", "3", "4", "4", "5")
    pace = 98
    boxes = tuple(_box(things, id_, 10, 10 + pace * place) for place, id_ in enumerate(order))
    arrows = tuple(
        Arrow(step, f"M160 {72 + pace * place} V{108 + pace * place}", 160, 90 + pace * place)
        for place, step in enumerate(steps)
    )
    return Drawing("narrow", 320, 20 + pace * len(order) - 36, boxes, arrows)

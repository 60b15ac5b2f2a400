"""Every machine in every way to have it: a legal template and group, or refused with the reason."""

import itertools
from datetime import date
from typing import Any, NamedTuple, get_args

import pytest
import yaml

from pipeline_zen import catalog, names
from pipeline_zen.fleet import Cluster, clusters
from pipeline_zen.rehearsal import rehearse as rehearsal
from pipeline_zen.settings import Capacity, Problem, Settings, SettingsError, examine
from tests.conftest import Checkout

TODAY = date(2026, 12, 1)
MODES = ("INDIVIDUAL", "BULK")


class Pair(NamedTuple):
    """A machine, and how it is asked for."""

    machine_type: str
    accelerator: str
    gpus: int
    capacity: Capacity
    mode: str

    def fleet(self) -> dict[str, Any]:
        """The fleet that asks for it, in the first region that sells it."""
        zones = list(catalog.zones_selling(self.machine_type, self.accelerator))
        region = zones[0][:-2]
        facts = catalog.load().facts(self.machine_type, self.accelerator, self.gpus)
        assert facts
        fleet: dict[str, Any] = {
            "accelerator": self.accelerator,
            "machine_types": {self.gpus: self.machine_type},
            "capacity": self.capacity,
            "target_size_mode": self.mode,
            "boot_disk_type": facts.boot_disk_types[-1],
            "regions": {region: [zone[-1] for zone in zones if zone[:-2] == region]},
        }
        if self.capacity in ("reservation", "reservation-bound"):
            fleet["reservations"] = {self.gpus: "projects/eng-ai-shared/reservations/ours"}
        if self.capacity == "flex-start":
            fleet["max_run_hours"] = 168
        return fleet


def _machines() -> list[tuple[str, str, int]]:
    """Every machine type with its GPUs, and an N1 for each number of GPUs that it can have."""
    facts = catalog.load()
    bundled = [
        (machine.name, machine.accelerator, int(machine.gpus))
        for machine in facts.machine_types.values()
        if machine.gpus >= 1
    ]
    return [
        *bundled,
        *(("n1-standard-8", accelerator, gpus) for accelerator, gpus in facts.n1_gpus),
    ]


PAIRS = {
    f"f{number}": Pair(*machine, capacity, mode)
    for number, (machine, capacity, mode) in enumerate(
        itertools.product(_machines(), get_args(Capacity), MODES)
    )
    if catalog.zones_selling(machine[0], machine[1])
}
"""Each pair by the name of its fleet."""


def _examined(checkout: Checkout, pairs: dict[str, Pair]) -> Settings:
    fleets = {name: pair.fleet() for name, pair in pairs.items()}
    suffixes = {names.results_suffix(region) for fleet in fleets.values()
                for region in fleet["regions"]}  # fmt: skip
    base = {
        "state_bucket": "lum-terraform-state",
        "images_project": "neat-airport-407301",
        "results_buckets": dict.fromkeys(sorted(suffixes), "US"),
        "fleets": fleets,
    }
    checkout.write("VERSION", "0.60.1\n")
    checkout.write("config/base.yaml", yaml.safe_dump(base))
    checkout.write("config/dev.yaml", "project: eng-ai-dev\nprotected: false\n")
    (settings,) = examine(checkout.root, ["dev"], today=TODAY).settings
    return settings


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Problem]]:
    """What is said against the pairs that are refused, by fleet."""
    problems: dict[str, list[Problem]] = {}
    # What contradicts itself hides what is not sold, not all is told at once, and a file that is
    # larger than settings are is not read.
    for mode in MODES * 6:
        left = {n: pair for n, pair in PAIRS.items() if pair.mode == mode and n not in problems}
        try:
            _examined(Checkout(tmp_path_factory.mktemp("pairs")), left)
        except SettingsError as error:
            for problem in error.problems:
                if problem.severity == "error":
                    problems.setdefault(problem.path.split(".")[1], []).append(problem)
    return problems


@pytest.fixture(scope="module")
def accepted(
    refused: dict[str, list[Problem]], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Checkout, Settings]:
    """A checkout with all pairs that are not refused, and its settings."""
    checkout = Checkout(tmp_path_factory.mktemp("accepted"))
    pairs = {name: pair for name, pair in PAIRS.items() if name not in refused}
    return checkout, _examined(checkout, pairs)


@pytest.mark.thorough
def test_refused_with_the_reason(refused: dict[str, list[Problem]]) -> None:
    """What is not sold so is refused, with the words that it is sold by; so is bulk of the rest."""
    for name, pair in PAIRS.items():
        model: Any = "standard" if pair.capacity == "reservation" else pair.capacity
        sold = catalog.sold_as(pair.machine_type, pair.accelerator, pair.gpus, model)
        in_bulk = pair.mode == "BULK" and pair.capacity not in ("flex-start", "reservation-bound")
        hints = " ".join(f"{problem.message} {problem.hint}" for problem in refused.get(name, ()))
        if in_bulk:
            assert "flex-start or reservation-bound" in hints, pair
        elif sold.verdict == "no":
            assert "It is sold as" in hints, (pair, hints)
        elif pair.machine_type.startswith("a4x"):
            assert "placement policy" in hints, pair
        else:
            assert name not in refused, (pair, hints)


def _is_legal(cluster: Cluster) -> bool:
    scheduling = cluster.template["scheduling"]
    affinity = cluster.template["reservation_affinity"]["type"]
    model, ends = scheduling["provisioning_model"], "max_run_duration" in scheduling
    deletes = scheduling.get("instance_termination_action") == "DELETE"
    single = cluster.shape == "ANY_SINGLE_ZONE"
    return {
        "STANDARD": deletes == ends and not cluster.in_bulk,
        "SPOT": deletes and scheduling.get("preemptible") and affinity == "NO_RESERVATION",
        "FLEX_START": deletes and ends and single and affinity == "NO_RESERVATION",
        "RESERVATION_BOUND": deletes and not ends and affinity == "SPECIFIC_RESERVATION",
    }[model] and (single or not cluster.in_bulk)


def test_accepted_ones_are_legal(accepted: tuple[Checkout, Settings]) -> None:
    """The template and the group of what is accepted go together as Google has it."""
    _, settings = accepted

    fleet = clusters(settings)

    assert not [cluster.name for cluster in fleet if not _is_legal(cluster)]
    words = {(cluster.capacity, cluster.in_bulk) for cluster in fleet}
    assert {*((word, False) for word in get_args(Capacity)),
            ("flex-start", True), ("reservation-bound", True)} == words  # fmt: skip


@pytest.mark.slow
@pytest.mark.node
@pytest.mark.tofu
def test_accepted_ones_reach_google(tofu: str, accepted: tuple[Checkout, Settings]) -> None:
    """Google takes each: all of them are applied to the fake one, and plan empty."""
    assert tofu
    checkout, settings = accepted

    outcome = rehearsal.from_nothing(settings, checkout.root, lambda *_: None)

    assert outcome.resources > 4 * len(clusters(settings))

"""Rules on names: that none made of the settings is longer than Google allows."""

from collections.abc import Iterator

from pipeline_zen import names
from pipeline_zen.settings.lint.rule import rule
from pipeline_zen.settings.lint.sales import regions_selling
from pipeline_zen.settings.model import Fleet
from pipeline_zen.settings.problems import Defect

VM_NAME_LIMIT = 63
"""The characters in the name of a VM, a group, a template or a disk device (RFC 1035)."""

BASE_INSTANCE_LIMIT = 58
"""The characters in a group's base instance name, to which Google adds a dash and four."""

BUCKET_LIMIT = 63
"""The characters in the name of a bucket, without dots."""

_DIGEST = "0" * 8


@rule(
    "name-too-long",
    "error",
    "A fleet or bucket whose names would be longer than Google allows. This does not age.",
    "Shorten the name.",
)
def names_fit(
    environment: str, version: str, fleets: dict[str, Fleet], results_buckets: dict[str, str]
) -> Iterator[Defect]:
    """No name made of these settings is longer than Google allows."""
    for suffix in results_buckets:
        bucket = names.results_bucket(environment, suffix)
        if len(bucket) > BUCKET_LIMIT:
            yield _too_long(("results_buckets", suffix), bucket, BUCKET_LIMIT)
    for name, fleet in fleets.items():
        # One defect a fleet is enough: its longest name has the same cause as the others.
        candidates: list[tuple[int, tuple[str | int, ...], str, int]] = []
        for gpus in fleet.machine_types:
            cluster = names.cluster(gpus, name)
            release = fleet.image_version_of(gpus, version)
            # A boot disk's has the same limit and is always shorter.
            text = names.template(cluster, release, _DIGEST)
            over = len(text) - VM_NAME_LIMIT
            candidates.append((over, ("fleets", name), text, VM_NAME_LIMIT))
            for region in fleet.regions:
                text = names.base_instance(cluster, region)
                over = len(text) - BASE_INSTANCE_LIMIT
                at_region = ("fleets", name, "regions", region)
                candidates.append((over, at_region, text, BASE_INSTANCE_LIMIT))
        over, loc, text, limit = max(candidates, key=lambda candidate: candidate[0])
        if over > 0:
            yield _too_long(loc, text, limit)


@rule(
    "name-too-long-elsewhere",
    "notice",
    "A fleet whose name is too long for a region that sells its machines.",
    "A shorter name leaves these open; a fleet that is deployed cannot be renamed.",
)
def names_fit_elsewhere(fleets: dict[str, Fleet]) -> Iterator[Defect]:
    """The fleet's name leaves every region open that sells its machines."""
    for name, fleet in fleets.items():
        longest = max((names.cluster(gpus, name) for gpus in fleet.machine_types), key=len)
        regions = [
            region
            for region in regions_selling(fleet)
            if region not in fleet.regions
            and len(names.base_instance(longest, region)) > BASE_INSTANCE_LIMIT
        ]
        if regions:
            message = f"the name is too long for {', '.join(regions)}"
            why = (
                f"These sell the machines, and a VM's name has {BASE_INSTANCE_LIMIT} "
                "characters at most."
            )
            yield Defect(("fleets", name), message, why, at_key=True)


def _too_long(loc: tuple[str | int, ...], text: str, limit: int) -> Defect:
    message = f"{text} would have {len(text)} characters, and Google allows {limit}"
    return Defect(loc, message, f"That is {len(text) - limit} too many.")

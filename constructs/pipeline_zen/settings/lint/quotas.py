"""Rules on quota: what is not asked for although Google is asked for some."""

from collections import defaultdict
from collections.abc import Iterator

from pipeline_zen import catalog, names
from pipeline_zen.settings.lint.rule import rule
from pipeline_zen.settings.model import Fleet, QuotaPreferences
from pipeline_zen.settings.problems import Defect

_UNSURE = "the quota's id is not known for sure"


@rule(
    "quota-not-asked",
    "notice",
    "GPU quota that Google is not asked for, although `quota_preferences` is set.",
    "`pipeline-zen exposure` lists what is needed: ask for this by hand.",
)
def quota_is_asked_for(
    fleets: dict[str, Fleet], quota_preferences: QuotaPreferences | None
) -> Iterator[Defect]:
    """Every quota that the groups need at their limits is asked for."""
    if quota_preferences is None:
        return
    left_out = defaultdict(list, {_UNSURE: ["all regions together (GPUS_ALL_REGIONS)"]})
    for name, fleet in fleets.items():
        for gpus in fleet.machine_types:
            why = _why_not(fleet, gpus)
            if why:
                left_out[why].append(names.cluster(gpus, name))
    told = "; ".join(f"{', '.join(of)}: {why}" for why, of in sorted(left_out.items()))
    message = "Google is not asked for all GPU quota"
    yield Defect(("quota_preferences",), message, f"Not for {told}.", at_key=True)


def _why_not(fleet: Fleet, gpus: int) -> str:
    """Why no quota is asked for that a cluster counts against; empty where it is."""
    if gpus not in fleet.max_vms:
        return "no limit in max_vms, nor for what counts against the same quota"
    quotas = catalog.quotas(fleet.accelerator, fleet.capacity_of(gpus))
    return _UNSURE if quotas.id is None or quotas.doubtful else ""

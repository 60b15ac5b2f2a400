"""Settings that give every setting there is, and where the texts are in them."""

from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pipeline_zen.settings.model import EnvironmentFile, Section
from pipeline_zen.settings.problems import Key

WHOLE: dict[str, Any] = {
    "project": "eng-ai-dev",
    "protected": True,
    "labels": {"team": "ml"},
    "state_bucket": "lum-terraform-state",
    "state_lineage": "00000000-0000-0000-0000-000000000000",
    "images_project": "neat-airport-407301",
    "results_buckets": {"us": "US"},
    "public_results": True,
    "datasets_location": "US",
    "fleets": {
        "v100": {
            "accelerator": "nvidia-tesla-v100",
            "machine_types": {1: "n1-highmem-8"},
            "regions": {"us-central1": ["a", "b"]},
            "target_shape": "ANY",
            "target_size_mode": "INDIVIDUAL",
            "capacity": "standard",
            "cluster_capacity": {1: "reservation"},
            "reservations": {1: "ours"},
            "max_run_hours": 24,
            "boot_disk_gb": 200,
            "boot_disk_type": "pd-ssd",
            "image_version": "0.60.1",
            "cluster_image_versions": {1: "0.60.1"},
            "max_vms": {1: 2},
        }
    },
    "delivery": {"ack_deadline_seconds": 60, "retention_days": 4},
    "local": {"clusters": ["1xlocal"], "location": "US"},
    "scheduler": {
        "member": "serviceAccount:scheduler-zen-sa@eng-ai-dev.iam.gserviceaccount.com",
        "create_account": False,
        "create_heartbeat_subscription": False,
    },
    "quota_preferences": {"contact_email": "ann@b.example"},
    "lint": {"ignore": {"region-unused": "these settings are small"}},
}

Loc = tuple[Key, ...]


def texts() -> list[tuple[Loc, bool]]:
    """Where a text can stand, by the model: each with whether it is a name."""
    return sorted(set(_texts(EnvironmentFile, WHOLE, ())), key=str)


def _texts(annotation: Any, value: Any, loc: Loc) -> Iterator[tuple[Loc, bool]]:
    inner = annotation
    while get_origin(inner) is Annotated or type(None) in get_args(inner):
        inner = next(one for one in get_args(inner) if one is not type(None))
    if isinstance(inner, type) and issubclass(inner, Section):
        for name, of in get_type_hints(inner, include_extras=True).items():
            if name in inner.model_fields:
                yield from _texts(of, value[name], (*loc, name))
    elif get_origin(inner) is dict:
        of_names, of_values = get_args(inner)
        for name, below in value.items():
            if isinstance(name, str):
                yield (*loc, name), True
            yield from _texts(of_values, below, (*loc, name))
        assert value, f"nothing of {loc} is tried"
        assert str in get_args(of_names) or get_args(of_names) or of_names is str
    elif get_origin(inner) is tuple:
        yield from _texts(get_args(inner)[0], value[0], (*loc, 0))
    elif isinstance(value, str):
        yield loc, False


def put(loc: Loc, text: str, *, name: bool) -> dict[str, Any]:
    """The whole settings with *text* at *loc*, or for its name."""
    return _put(WHOLE, loc, text, name)  # type: ignore[no-any-return]


def _put(value: Any, loc: Loc, text: str, name: bool) -> Any:
    if not loc:
        return text
    key, *rest = loc
    if isinstance(value, list):
        return [_put(below, tuple(rest), text, name) if at == key else below
                for at, below in enumerate(value)]  # fmt: skip
    if name and not rest:
        return {text if other == key else other: below for other, below in value.items()}
    return {
        other: _put(below, tuple(rest), text, name) if other == key else below
        for other, below in value.items()
    }


def value_at(loc: Loc) -> str:
    """The text at *loc* in the whole settings."""
    value: Any = WHOLE
    for key in loc:
        value = value[key]
    assert isinstance(value, str)
    return value

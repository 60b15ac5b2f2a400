"""
What the YAML may say: the models, every default, and a sentence on what each setting does.

The sentences are attribute docstrings; they go into `config/schema.json`, so an editor shows them.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from pipeline_zen.settings.forms import (
    BucketName,
    BucketSuffix,
    ClusterName,
    EMail,
    FleetName,
    Gpus,
    ImageVersion,
    LabelKey,
    LabelValue,
    Lineage,
    Location,
    Member,
    ProjectId,
    Reason,
    Region,
    Reservation,
    RuleId,
    ZoneLetter,
)

Capacity: TypeAlias = Literal["standard", "spot", "flex-start", "reservation", "reservation-bound"]


class Section(BaseModel):
    """A section of settings, which cannot change once read and refuses a key it does not know."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, defer_build=True
    )


class Fleet(Section):
    """One kind of GPU: the machines that have it and the places that sell them."""

    accelerator: str
    """The GPU, by Google's accelerator type."""

    machine_types: Annotated[dict[Gpus, str], Field(min_length=1)]
    """The machine type for each number of GPUs in a VM. Each number is a cluster."""

    regions: Annotated[
        dict[Region, Annotated[tuple[ZoneLetter, ...], Field(min_length=1)]],
        Field(min_length=1),
    ]
    """
    The zones to rent in, by region, as letters. Each cluster has one group a region. Changing
    the zones of a region replaces its groups and with them their VMs.
    """

    target_shape: Literal["ANY", "ANY_SINGLE_ZONE", "BALANCED", "EVEN"] = "ANY"
    """
    How a group spreads its VMs over its zones. ANY takes whichever zones have capacity,
    ANY_SINGLE_ZONE one of them for all; BALANCED spreads as far as capacity allows; EVEN waits when
    one zone is sold out. What is had as flex-start, or in BULK, has ANY_SINGLE_ZONE in any case.
    """

    target_size_mode: Literal["INDIVIDUAL", "BULK"] = "INDIVIDUAL"
    """
    How a group comes to its size. INDIVIDUAL makes VMs one by one, as there is capacity. BULK
    makes all of them at once, or waits: of flex-start and reservation-bound only, and only a group
    that is empty can be raised. A change replaces the groups and with them their VMs.
    """

    capacity: Capacity = "standard"
    """
    How the VMs are had. standard: on demand. spot: cheaper, but Google may take a VM back at any
    time; it is deleted then, and its job is lost. flex-start: cheaper, not taken back, for
    `max_run_hours` of at most 168; a VM comes when there is capacity, by a resize request of the
    scheduler's. reservation: out of the one named in `reservations`, and nothing else.
    reservation-bound: the same for what is reserved for a while, and is deleted when that ends.
    """

    cluster_capacity: dict[Gpus, Capacity] = {}
    """The capacity of single clusters, by their number of GPUs, instead of the fleet's."""

    reservations: dict[Gpus, Reservation] = {}
    """
    For each number of GPUs that is had by a reservation, bound or not, its name: the same in each
    zone, as a reservation is of one zone. One that another project shares is named with it:
    projects/PROJECT/reservations/NAME.
    """

    max_run_hours: Annotated[StrictInt, Field(ge=1, le=2_880)] | None = None
    """
    After so many hours Google deletes a VM, whatever it does: against VMs that were lost sight of.
    Left out, a VM runs until it deletes itself. It counts for VMs that are yet to start.
    """

    boot_disk_gb: Annotated[StrictInt, Field(ge=10, le=65_536)] = 2_000
    """The size of a VM's boot disk, in GB. Image, models, datasets and results share it."""

    boot_disk_type: Literal["hyperdisk-balanced", "pd-balanced", "pd-ssd", "pd-standard"] = (
        "pd-balanced"
    )
    """The kind of a VM's boot disk. Newer machines boot from hyperdisk-balanced only."""

    image_version: ImageVersion | None = None
    """
    The release whose VM image these VMs boot, instead of the one in VERSION: ahead of it, to try a
    release on one fleet, or behind, to hold one back.
    """

    cluster_image_versions: dict[Gpus, ImageVersion] = {}
    """The release of single clusters, by their number of GPUs, instead of the fleet's."""

    max_vms: dict[Gpus, Annotated[StrictInt, Field(ge=1)]] = {}
    """
    For each number of GPUs, the most VMs that the scheduler raises one group to. One that takes a
    job leaves the group and counts no more. It is not enforced here: `pipeline-zen
    scheduler-config` hands it to the scheduler, and `pipeline-zen exposure` counts with it. Left
    out, it is unknown.
    """

    def capacity_of(self, gpus: int) -> Capacity:
        """The capacity of the cluster with that many GPUs in a VM."""
        return self.cluster_capacity.get(gpus, self.capacity)

    def shape_of(self, gpus: int) -> str:
        """The shape of that cluster's groups: VMs that wait for capacity are all in one zone."""
        single = self.capacity_of(gpus) == "flex-start" or self.target_size_mode == "BULK"
        return "ANY_SINGLE_ZONE" if single else self.target_shape

    def image_version_of(self, gpus: int, release: str) -> str:
        """The release that the cluster with that many GPUs boots; *release* is VERSION's."""
        return self.cluster_image_versions.get(gpus, self.image_version or release)


class Delivery(Section):
    """How the runners' subscriptions hand out messages."""

    ack_deadline_seconds: Annotated[StrictInt, Field(ge=10, le=600)] = 60
    """How long a VM may hold a message before it is sent again."""

    retention_days: Annotated[StrictInt, Field(ge=1, le=31)] = 4
    """How long a message waits for a VM. A job that finds none by then is lost."""


class Local(Section):
    """What developers' own machines need of this environment, where they run as `local`."""

    clusters: Annotated[tuple[ClusterName, ...], Field(min_length=1)]
    """The clusters that these machines play: each gets a start subscription."""

    location: Location = "US"
    """Where the two buckets of these machines are, for results and for datasets."""


class Scheduler(Section):
    """What the scheduler may do here, and what of its own is made here."""

    member: Member
    """Who it is, as IAM writes it. It gets just what it calls."""

    create_account: StrictBool = False
    """Whether its service account is made here. Its own code makes one; two cannot."""

    create_heartbeat_subscription: StrictBool = False
    """
    Whether its subscription to the heartbeats is made here; where there is `local`, that of a
    developer's scheduler, too. Its own code makes them as well.
    """


class QuotaPreferences(Section):
    """The GPU quota that Google is asked for: what `pipeline-zen exposure` comes to."""

    contact_email: EMail
    """Whom Google may ask about it."""


class Lint(Section):
    """What `make check` need not say."""

    ignore: dict[RuleId, Reason] = {}
    """
    The rules whose warnings and notices to leave out, by id, each with the reason. One that leaves
    out nothing is a warning itself. On what is an error it has no effect.
    """


class EnvironmentFile(Section):
    """The settings of one environment: `base.yaml` with the environment's own file over it."""

    project: ProjectId
    """The project that all of it lives in. VMs derive it from their environment's name."""

    protected: StrictBool = True
    """
    Whether what holds data, jobs or identity may not be destroyed: OpenTofu refuses to replace
    it, and lets it go, kept at Google, when its settings are removed.
    """

    labels: dict[LabelKey, LabelValue] = {}
    """
    Labels on everything that can have them, beside `app` and `env`. Bills can be split by them.
    """

    state_bucket: BucketName
    """The bucket with OpenTofu's states. It is not made here."""

    state_lineage: Lineage | None = None
    """
    The lineage of the environment's state, by which OpenTofu tells states apart. A plan against
    another one is blocked. `make plan` says what to write here once there is a state.
    """

    images_project: ProjectId
    """The project with the VM images."""

    results_buckets: Annotated[dict[BucketSuffix, Location], Field(min_length=1)]
    """
    The buckets for results: the end of the name, and the location. A VM picks the one that is
    named for its region's first word (`us`), in the Middle East for its region (`me-west1`).
    """

    public_results: StrictBool = True
    """
    Whether a job may publish its results, as jobs do at their end. If not, the results buckets
    have uniform access and public access is prevented.
    """

    datasets_location: Location = "US"
    """Where the bucket with the datasets is."""

    fleets: Annotated[dict[FleetName, Fleet], Field(min_length=1)]
    """The GPUs to rent. A fleet's name is the second half of its clusters' names: 8x`a100-40gb`."""

    delivery: Delivery = Delivery()
    """How the runners' subscriptions hand out messages."""

    local: Local | None = None
    """What developers' own machines need; left out, they cannot use this environment."""

    scheduler: Scheduler | None = None
    """What the scheduler may do here; left out, its rights are granted elsewhere."""

    quota_preferences: QuotaPreferences | None = None
    """
    Whether Google is asked for the GPU quota which the limits in `max_vms` come to, be it more or
    less than there is; left out, it is asked by hand. Only where the id of the quota is known, and
    every cluster that counts against it has a limit.
    """

    lint: Lint = Lint()
    """What `make check` need not say."""


class Settings(EnvironmentFile):
    """An environment's settings, with the two that do not come from the YAML."""

    environment: str
    """The name of the environment: that of its file."""

    version: str
    """The release, from VERSION: it names the VM image."""

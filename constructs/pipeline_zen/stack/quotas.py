"""The GPU quota that Google is asked for: groups at their limits, region by region."""

from pipeline_zen import names
from pipeline_zen.fleet import exposure
from pipeline_zen.settings import QuotaPreferences, Settings
from pipeline_zen.stack import cdk
from pipeline_zen.stack.ground import Ground
from pipeline_zen.stack.services import COMPUTE


class GpuQuotas(cdk.Construct):
    """
    A preference for each region and kind of GPU whose quota has an id that is known for sure.

    Google grants less, later or nothing; what it grants is not read here. It is asked for less than
    there is, too, so a quota is left out that a cluster without a limit counts against. VMs with
    jobs count as well, beside the groups: the quota bounds both. A preference cannot be deleted at
    Google, only forgotten here.
    """

    def __init__(
        self,
        scope: cdk.Construct,
        id_: str,
        *,
        ground: Ground,
        settings: Settings,
        preferences: QuotaPreferences,
    ) -> None:
        super().__init__(scope, id_)
        for quota in exposure(settings).quotas:
            if quota.id is None or quota.doubtful or quota.partial:
                continue
            dimensions = dict(quota.dimensions)
            name = names.quota_preference(quota.id, dimensions)
            ground.resource(cdk.CloudQuotasQuotaPreference, name)(
                self,
                name,
                parent=f"projects/{ground.project}",
                name=name,
                service=COMPUTE,
                quota_id=quota.id,
                dimensions=dimensions,
                quota_config=cdk.CloudQuotasQuotaPreferenceQuotaConfig(
                    preferred_value=str(quota.amount)
                ),
                contact_email=preferences.contact_email,
                justification="All instance groups of Pipeline Zen at their limits at once",
                depends_on=[ground.services.quotas] if ground.services.quotas else None,
            )

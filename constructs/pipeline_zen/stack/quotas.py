"""The GPU quota that Google is asked for: groups at their limits, region by region."""

from pipeline_zen import names
from pipeline_zen.fleet.exposure import exposure
from pipeline_zen.settings import QuotaPreferences, Settings
from pipeline_zen.stack import cdk
from pipeline_zen.stack import services as apis
from pipeline_zen.stack.services import Services


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
        settings: Settings,
        preferences: QuotaPreferences,
        services: Services,
    ) -> None:
        super().__init__(scope, id_)
        for quota in exposure(settings).quotas:
            if quota.id is None or quota.doubtful or quota.partial:
                continue
            dimensions = dict(quota.dimensions)
            name = names.quota_preference(quota.id, dimensions)
            cdk.CloudQuotasQuotaPreference(
                self,
                name,
                parent=f"projects/{settings.project}",
                name=name,
                service=apis.COMPUTE,
                quota_id=quota.id,
                dimensions=dimensions,
                quota_config=cdk.CloudQuotasQuotaPreferenceQuotaConfig(
                    preferred_value=str(quota.amount)
                ),
                contact_email=preferences.contact_email,
                justification="All instance groups of Pipeline Zen at their limits at once",
                depends_on=[services[apis.QUOTAS]],
            ).override_logical_id(name)

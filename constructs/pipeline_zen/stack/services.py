"""The Google APIs that the rest needs, switched on and left on."""

from pipeline_zen.stack import cdk

COMPUTE = "compute.googleapis.com"


class Services(cdk.Construct):
    """Every API of the project that is used here or by the jobs, for resources to depend on."""

    def __init__(self, scope: cdk.Construct, id_: str, *, project: str, quotas: bool) -> None:
        super().__init__(scope, id_)
        self._project = project
        self.compute = self._switched_on(COMPUTE)
        self.iam = self._switched_on("iam.googleapis.com")
        self._switched_on("logging.googleapis.com")
        self._switched_on("monitoring.googleapis.com")
        self.projects = self._switched_on("cloudresourcemanager.googleapis.com")
        self.pubsub = self._switched_on("pubsub.googleapis.com")
        self.secrets = self._switched_on("secretmanager.googleapis.com")
        self.storage = self._switched_on("storage.googleapis.com")
        self.quotas = self._switched_on("cloudquotas.googleapis.com") if quotas else None

    def _switched_on(self, api: str) -> cdk.ITerraformDependable:
        service = cdk.ProjectService(
            self,
            api,
            project=self._project,
            service=api,
            # Others may use it, and switching it off would take their resources down.
            disable_on_destroy=False,
        )
        service.override_logical_id(api.partition(".")[0])
        return service

"""The Google APIs that the rest needs, switched on and left on."""

from pipeline_zen.stack import cdk

COMPUTE = "compute.googleapis.com"
IAM = "iam.googleapis.com"
LOGGING = "logging.googleapis.com"
MONITORING = "monitoring.googleapis.com"
PROJECTS = "cloudresourcemanager.googleapis.com"
PUBSUB = "pubsub.googleapis.com"
QUOTAS = "cloudquotas.googleapis.com"
SECRETS = "secretmanager.googleapis.com"
STORAGE = "storage.googleapis.com"


class Services(cdk.Construct):
    """Every API of the project that is used here or by the jobs."""

    def __init__(self, scope: cdk.Construct, id_: str, *, project: str, quotas: bool) -> None:
        super().__init__(scope, id_)
        self._services = {}
        used = (COMPUTE, IAM, LOGGING, MONITORING, PROJECTS, PUBSUB, SECRETS, STORAGE)
        for api in (*used, QUOTAS) if quotas else used:
            service = cdk.ProjectService(
                self,
                api,
                project=project,
                service=api,
                # Others may use it, and switching it off would take their resources down.
                disable_on_destroy=False,
            )
            service.override_logical_id(api.partition(".")[0])
            self._services[api] = service

    def __getitem__(self, api: str) -> cdk.ITerraformDependable:
        """The API, for a resource to depend on."""
        return self._services[api]

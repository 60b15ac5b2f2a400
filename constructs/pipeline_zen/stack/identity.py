"""
Who the jobs are, and what they may do in the project as a whole.

What they may do with one bucket, subscription, topic or secret is granted there, in the file of
that concept. At project level stands only what Google can bind nowhere else.
"""

from pipeline_zen import names
from pipeline_zen.stack import cdk
from pipeline_zen.stack.ground import Ground, Principal, Role

LOG_WRITER = Role.of_google("roles/logging.logWriter")
METRIC_WRITER = Role.of_google("roles/monitoring.metricWriter")

OWN_VMS = (
    'resource.type == "compute.googleapis.com/Instance" && '
    f'resource.name.extract("/instances/{{name}}").startsWith("{names.JOBS}-")'
)
"""
Holds for the VMs of the groups. A VM's resource name has its zone before its own name, hence
`extract`. "Only the VM itself" cannot be said in IAM.
"""

WRITE = ("storage.objects.create", "storage.objects.delete", "storage.objects.get")
PUBLISH = (
    "storage.objects.getIamPolicy",
    "storage.objects.setIamPolicy",
    "storage.objects.update",
)
"""Permissions to make weights public, with an access control list on each object."""


class CustomRoles(cdk.Construct):
    """The project's own roles, each as narrow as the calls that the jobs make."""

    def __init__(
        self, scope: cdk.Construct, id_: str, *, ground: Ground, public_results: bool
    ) -> None:
        super().__init__(scope, id_)
        self._ground = ground
        self.bucket_lister = self.add(
            names.BUCKET_LISTER,
            "Bucket Lister",
            "Sees which buckets there are and how each is set up",
            ["storage.buckets.get", "storage.buckets.list"],
        )
        self.results_writer = self.add(
            names.RESULTS_WRITER,
            "Pipeline Zen Results Writer",
            "Writes results, over earlier ones too" + (", and publishes them" * public_results),
            [*WRITE, *(PUBLISH if public_results else ())],
        )
        self.subscription_consumer = self.add(
            names.SUBSCRIPTION_CONSUMER,
            "Pipeline Zen Subscription Consumer",
            "Pulls and acknowledges messages",
            ["pubsub.subscriptions.consume"],
        )
        self.vm_deleter = self.add(
            names.VM_DELETER, "VM Deleter", "Deletes VMs", ["compute.instances.delete"]
        )
        self.operation_reader = self.add(
            names.OPERATION_READER,
            "Pipeline Zen Operation Reader",
            "Follows the deletion of a VM until it is done",
            ["compute.zoneOperations.get"],
        )

    def add(self, role_id: str, title: str, description: str, permissions: list[str]) -> Role:
        """A role of that id, to bind."""
        role = self._ground.resource(cdk.ProjectIamCustomRole, role_id)(
            self,
            role_id,
            project=self._ground.project,
            role_id=role_id,
            title=title,
            description=description,
            permissions=permissions,
            depends_on=[self._ground.services.iam],
        )
        # By its id, which is known before it is made, so that a plan shows who gets which role.
        return Role(role_id, f"projects/{self._ground.project}/roles/{role.role_id}")


class JobServiceAccount(cdk.Construct):
    """
    The one account that every VM runs as.

    There is one for all clusters, because the VMs derive its e-mail address from the project.
    """

    def __init__(self, scope: cdk.Construct, id_: str, *, ground: Ground) -> None:
        super().__init__(scope, id_)
        self._ground = ground
        account = ground.resource(cdk.ServiceAccount, names.SERVICE_ACCOUNT)(
            self,
            "Resource",
            project=ground.project,
            account_id=names.SERVICE_ACCOUNT,
            display_name="Pipeline Zen Jobs Service Account",
            description="Service account for running pipeline jobs",
            depends_on=[ground.services.iam],
        )
        self.email = account.email
        self.principal = Principal(names.SERVICE_ACCOUNT, account.member)

    def grant_own_vm_deletion(self, roles: CustomRoles) -> None:
        """
        Let a VM delete itself, and the other VMs of the groups, when its job is done.

        Binds `vm_deleter` under a condition on the VM's name, and the reading of operations
        without it, since an operation is not an instance: `gcloud compute instances delete`
        waits for the operation and calls nothing else.
        """
        self._ground.grant_in_project(
            self,
            roles.vm_deleter,
            self.principal,
            cdk.ProjectIamMemberCondition(
                title=f"{names.JOBS} VMs",
                description="The VMs of the managed instance groups",
                expression=OWN_VMS,
            ),
        )
        self._ground.grant_in_project(self, roles.operation_reader, self.principal)

    def grant_telemetry(self) -> None:
        """Let a VM write logs and metrics, for which there is nothing narrower than a project."""
        self._ground.grant_in_project(self, LOG_WRITER, self.principal)
        self._ground.grant_in_project(self, METRIC_WRITER, self.principal)

"""Buckets: where jobs write their results, one in each part of the world, and read datasets."""

from pipeline_zen.stack import cdk
from pipeline_zen.stack.ground import Ground, Principal, Role
from pipeline_zen.stack.identity import CustomRoles

OBJECT_READER = Role.of_google("roles/storage.legacyObjectReader")
OBJECT_VIEWER = Role.of_google("roles/storage.objectViewer")


class Bucket(cdk.Construct):
    """
    A bucket that is never emptied for the sake of being deleted.

    With `public_objects` an object can be made public by an access control list of its own; else
    only the bucket's policy counts, and public access is prevented.
    """

    def __init__(
        self,
        scope: cdk.Construct,
        id_: str,
        *,
        ground: Ground,
        name: str,
        location: str,
        public_objects: bool,
    ) -> None:
        super().__init__(scope, id_)
        self._ground = ground
        self.name = name
        self.bucket = ground.resource(cdk.StorageBucket, name)(
            self,
            "Resource",
            project=ground.project,
            name=name,
            location=location,
            force_destroy=False,
            uniform_bucket_level_access=not public_objects,
            public_access_prevention="inherited" if public_objects else "enforced",
            depends_on=[ground.services.storage],
        )
        # Asked of the CDK once, however many grants name it.
        self._reference = self.bucket.name

    def grant_write(self, to: Principal, roles: CustomRoles) -> None:
        """
        Let *to* look the bucket up and write, overwrite and read objects, but not list them.

        Binds `bucket_lister` (of which `storage.buckets.get` is what counts here) and
        `pipelineZenResultsWriter` on this bucket.
        """
        self._grant(roles.bucket_lister, to)
        self._grant(roles.results_writer, to)

    def grant_read(self, to: Principal) -> None:
        """
        Let *to* read an object whose name it knows: `roles/storage.legacyObjectReader`.

        It cannot list, so a job cannot go through other customers' datasets; and it is told
        403, not 404, of an object that does not exist.
        """
        self._grant(OBJECT_READER, to)

    def grant_list(self, to: Principal) -> None:
        """Let *to* list and read all objects: `roles/storage.objectViewer`."""
        self._grant(OBJECT_VIEWER, to)

    def _grant(self, role: Role, to: Principal) -> None:
        self._ground.grant(
            cdk.StorageBucketIamMember, self, self.name, role, to, bucket=self._reference
        )

"""
What every construct stands on: one value that is handed to each of them.

A resource of a stack is made through it, and by nothing else. So each has a name that stands for it
in a plan, what holds data or identity is protected wherever it is made, and a grant is bound in one
way.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from pipeline_zen import names
from pipeline_zen.stack import beyond, cdk
from pipeline_zen.stack.services import Services

_Arguments = ParamSpec("_Arguments")
_Resource = TypeVar("_Resource", bound=cdk.TerraformResource)

HELD: tuple[type[cdk.TerraformResource], ...] = (
    # A deleted role's id cannot be used again for 37 days.
    cdk.ProjectIamCustomRole,
    cdk.PubsubSubscription,
    cdk.PubsubTopic,
    cdk.SecretManagerSecret,
    # An account made anew under the old address has none of the old one's grants.
    cdk.ServiceAccount,
    cdk.StorageBucket,
)
"""What holds data or identity, and is protected where the settings ask for it."""


@dataclass(frozen=True)
class Principal:
    """Someone to grant things to: IAM's member string, and a short name for logical ids."""

    name: str
    member: str


@dataclass(frozen=True)
class Role:
    """A role to grant: the name that grants of it are told apart by, and what IAM binds."""

    name: str
    path: str

    @classmethod
    def of_google(cls, path: str) -> "Role":
        """A role that Google has made: `roles/pubsub.publisher`."""
        return cls(path, path)


@dataclass(frozen=True)
class Ground:
    """The project, its APIs, and whether what holds data or identity is protected."""

    project: str
    services: Services
    protected: bool

    def resource(
        self, kind: Callable[_Arguments, _Resource], logical_id: str
    ) -> Callable[_Arguments, _Resource]:
        """*kind*, to be called with its own arguments for a resource of that logical id."""

        def make(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Resource:
            resource = kind(*args, **kwargs)
            resource.override_logical_id(logical_id)
            if self.protected and kind in HELD:
                beyond.protect(resource)
            return resource

        return make

    def grant(
        self,
        kind: Callable[..., cdk.TerraformResource],
        scope: cdk.Construct,
        on: str,
        role: Role,
        to: Principal,
        **place: object,
    ) -> None:
        """
        Bind *role* to a principal, on what is called *on*.

        *kind* is the resource type for grants on such things, *place* its arguments that say where.
        Members are added one by one: no grant of anybody else's is ever taken away.
        """
        id_ = names.grant_id(on, role.name, to.name)
        self.resource(kind, id_)(scope, id_, role=role.path, member=to.member, **place)

    def grant_in_project(
        self,
        scope: cdk.Construct,
        role: Role,
        to: Principal,
        condition: cdk.ProjectIamMemberCondition | None = None,
    ) -> None:
        """Bind *role* in the project as a whole: for what Google can bind nowhere else."""
        self.grant(
            cdk.ProjectIamMember,
            scope,
            self.project,
            role,
            to,
            project=self.project,
            condition=condition,
            depends_on=[self.services.projects],
        )

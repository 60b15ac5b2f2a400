"""
The secret with the jobs' settings, from the environment's own file.

The file is read by OpenTofu, when it plans and applies, into a write-only argument: its text is in
no synthesized file, plan or state, only in Secret Manager. What is kept of it is a number taken
from its hash, 28 bits, which tells OpenTofu that it has changed.
"""

from pipeline_zen import names
from pipeline_zen.stack import cdk
from pipeline_zen.stack import services as apis
from pipeline_zen.stack.identity import Principal
from pipeline_zen.stack.services import Services

ACCESSOR = "roles/secretmanager.secretAccessor"


class ConfigSecret(cdk.Construct):
    """
    The secret and its newest version.

    A changed file makes a new version before the old one is disabled, so that a VM that starts
    in between finds one. A disabled version can be enabled again.
    """

    def __init__(
        self,
        scope: cdk.Construct,
        id_: str,
        *,
        project: str,
        environment: str,
        services: Services,
        protected: bool,
    ) -> None:
        super().__init__(scope, id_)
        self._project = project
        self.secret = cdk.SecretManagerSecret(
            self,
            "Resource",
            project=project,
            secret_id=names.CONFIG_SECRET,
            deletion_protection=protected,
            replication=cdk.SecretManagerSecretReplication(
                auto=cdk.SecretManagerSecretReplicationAuto()
            ),
            depends_on=[services[apis.SECRETS]],
        )
        self.secret.override_logical_id(names.CONFIG_SECRET)
        if protected:
            cdk.protect(self.secret)

        # From cdktf.out/stacks/{env}, where OpenTofu runs, back to where the file lies.
        file = f'"${{path.module}}/../../../{names.config_env(environment)}"'
        # Zero would be the argument's default, hence the one.
        number = f"${{parseint(substr(filesha256({file}), 0, 7), 16) + 1}}"
        version = cdk.SecretManagerSecretVersion(
            self,
            "Version",
            secret=self.secret.id,
            secret_data_wo=f"${{file({file})}}",
            secret_data_wo_version=cdk.Token.as_number(number),
            deletion_policy="DISABLE",
            lifecycle=cdk.TerraformResourceLifecycle(create_before_destroy=True),
        )
        version.override_logical_id(names.CONFIG_SECRET)

    def grant_access(self, to: Principal) -> None:
        """Let *to* read the secret's versions: `roles/secretmanager.secretAccessor` on it alone."""
        id_ = names.grant_id(names.CONFIG_SECRET, ACCESSOR, to.name)
        cdk.SecretManagerSecretIamMember(
            self,
            id_,
            project=self._project,
            secret_id=self.secret.secret_id,
            role=ACCESSOR,
            member=to.member,
        ).override_logical_id(id_)

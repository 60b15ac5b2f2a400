"""
The secret with the jobs' settings, from the environment's own file.

The file is read by OpenTofu, when it plans and applies, into a write-only argument: its text is in
no synthesized file, plan or state, only in Secret Manager. What is kept of it is a number taken
from its hash, 28 bits, which tells OpenTofu that it has changed.
"""

from pipeline_zen import names
from pipeline_zen.stack import cdk
from pipeline_zen.stack.ground import Ground, Principal, Role

ACCESSOR = Role.of_google("roles/secretmanager.secretAccessor")


class ConfigSecret(cdk.Construct):
    """
    The secret and its newest version.

    A changed file makes a new version before the old one is disabled, so that a VM that starts
    in between finds one. A disabled version can be enabled again.
    """

    def __init__(self, scope: cdk.Construct, id_: str, *, ground: Ground, environment: str) -> None:
        super().__init__(scope, id_)
        self._ground = ground
        self.secret = ground.resource(cdk.SecretManagerSecret, names.CONFIG_SECRET)(
            self,
            "Resource",
            project=ground.project,
            secret_id=names.CONFIG_SECRET,
            deletion_protection=ground.protected,
            replication=cdk.SecretManagerSecretReplication(
                auto=cdk.SecretManagerSecretReplicationAuto()
            ),
            depends_on=[ground.services.secrets],
        )

        # From cdktf.out/stacks/{env}, where OpenTofu runs, back to where the file lies.
        file = f'"{names.config_env_from_stack(environment)}"'
        # Zero would be the argument's default, hence the one.
        number = f"${{parseint(substr(filesha256({file}), 0, 7), 16) + 1}}"
        ground.resource(cdk.SecretManagerSecretVersion, names.CONFIG_SECRET)(
            self,
            "Version",
            secret=self.secret.id,
            secret_data_wo=f"${{file({file})}}",
            secret_data_wo_version=cdk.Token.as_number(number),
            deletion_policy="DISABLE",
            lifecycle=cdk.TerraformResourceLifecycle(create_before_destroy=True),
        )

    def grant_access(self, to: Principal) -> None:
        """Let *to* read the secret's versions: `roles/secretmanager.secretAccessor` on it alone."""
        self._ground.grant(
            cdk.SecretManagerSecretIamMember,
            self,
            names.CONFIG_SECRET,
            ACCESSOR,
            to,
            project=self._ground.project,
            secret_id=self.secret.secret_id,
        )

"""A cluster at Google: its instance template, and a managed instance group in each region."""

from collections.abc import Mapping
from typing import Any

from pipeline_zen import names
from pipeline_zen.fleet import Cluster, InstanceGroup
from pipeline_zen.stack import beyond, cdk
from pipeline_zen.stack.ground import Ground


class TemplateAndGroups(cdk.Construct):
    """
    A cluster's template and its groups.

    The template is named for its contents, and a new one stands before the old one goes, so that
    an edit is a new template and no group ever names one that is missing. Its address leaves the
    release out, so that a release is a change of what is there.

    A group has no size here: the scheduler sets it, and an apply must not set it back. It takes
    a new template for the VMs that are yet to come, and touches none that runs.
    """

    def __init__(self, scope: cdk.Construct, id_: str, *, ground: Ground, cluster: Cluster) -> None:
        super().__init__(scope, id_)
        self._ground = ground
        self._cluster = cluster
        self.template = self._template()
        template_id = self.template.id
        self.groups = [self._group(group, template_id) for group in cluster.groups]

    def _template(self) -> cdk.ComputeInstanceTemplate:
        cluster = self._cluster
        # Only named here, nothing added: the name stands for exactly what `template` holds.
        return self._ground.resource(cdk.ComputeInstanceTemplate, names.template_id(cluster.name))(
            self,
            "Template",
            name=cluster.template_name,
            lifecycle=cdk.TerraformResourceLifecycle(create_before_destroy=True),
            depends_on=[self._ground.services.compute],
            **{**cluster.template, **_blocks(cluster.template)},
        )

    def _group(
        self, group: InstanceGroup, template_id: str
    ) -> cdk.ComputeRegionInstanceGroupManager:
        cluster = self._cluster
        manager = self._ground.resource(cdk.ComputeRegionInstanceGroupManager, group.name)(
            self,
            group.region,
            project=self._ground.project,
            name=group.name,
            base_instance_name=group.base_instance_name,
            region=group.region,
            distribution_policy_zones=list(group.zones),
            distribution_policy_target_shape=cluster.shape,
            version=[cdk.ComputeRegionInstanceGroupManagerVersion(instance_template=template_id)],
            update_policy=_update_policy(len(group.zones), surges=not cluster.waits),
            # A VM deletes itself when its job is done; a repair would bring it back.
            instance_lifecycle_policy=cdk.ComputeRegionInstanceGroupManagerInstanceLifecyclePolicy(
                default_action_on_failure="DO_NOTHING", force_update_on_repair="NO"
            ),
            # No stopped or suspended VMs are kept in reserve. What is made in bulk cannot have any.
            standby_policy=None
            if cluster.in_bulk
            else cdk.ComputeRegionInstanceGroupManagerStandbyPolicy(mode="MANUAL"),
        )
        if cluster.in_bulk:
            beyond.create_in_bulk(manager)
        return manager


def _update_policy(
    zones: int, *, surges: bool
) -> cdk.ComputeRegionInstanceGroupManagerUpdatePolicy:
    """
    No VM is touched for the sake of an update.

    OPPORTUNISTIC waits for one that is made anyway, NONE allows nothing more. Google wants surge
    and unavailable to be at least the number of zones, or none.
    """
    return cdk.ComputeRegionInstanceGroupManagerUpdatePolicy(
        type="OPPORTUNISTIC",
        minimal_action="NONE",
        instance_redistribution_type="NONE",
        max_surge_fixed=zones if surges else 0,
        max_unavailable_fixed=zones,
    )


def _blocks(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Each block of a template as its class: the CDK drops the keys of a plain dict in a list."""
    return {
        "disk": [cdk.ComputeInstanceTemplateDisk(**disk) for disk in arguments["disk"]],
        "network_interface": [
            cdk.ComputeInstanceTemplateNetworkInterface(
                **{
                    **interface,
                    "access_config": [
                        cdk.ComputeInstanceTemplateNetworkInterfaceAccessConfig(**access)
                        for access in interface["access_config"]
                    ],
                }
            )
            for interface in arguments["network_interface"]
        ],
        "guest_accelerator": [
            cdk.ComputeInstanceTemplateGuestAccelerator(**accelerator)
            for accelerator in arguments["guest_accelerator"]
        ],
        "service_account": cdk.ComputeInstanceTemplateServiceAccount(
            **arguments["service_account"]
        ),
        "scheduling": cdk.ComputeInstanceTemplateScheduling(**arguments["scheduling"]),
        "shielded_instance_config": cdk.ComputeInstanceTemplateShieldedInstanceConfig(
            **arguments["shielded_instance_config"]
        ),
        "reservation_affinity": cdk.ComputeInstanceTemplateReservationAffinity(
            **arguments["reservation_affinity"]
        ),
    }

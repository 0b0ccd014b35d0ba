"""
Machines that give a part of themselves up for an enclave.
"""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from genai_layers.catalog.enclave_hosts import EnclaveHost
from genai_layers.foundation.nag import acknowledge
from genai_layers.inference.ways_out import let_out

# Launch, the packages of the enclave tools, and a copy of the image: our estimate, doubled.
_START_SECONDS = 600


class EnclaveMachines(Construct):
    """
    A group of private machines with Nitro Enclaves switched on, encrypted, and without keys to log in with.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it replaces the machines.
        vpc: Where they stand.
        subnets: In which subnets.
        key: Key of their volumes.
        role: Their role.
        host: Their type.
        user_data: What they do at launch.
        machines: How many.
        egress: Where they may go over HTTPS; empty: anywhere that a route leads.

    Attributes:
        security_group: Their security group: nothing in but what others add, HTTPS out.
        launch_template: Their template.
        auto_scaling_group: The machines.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection,
        key: kms.IKey,
        role: iam.Role,
        host: EnclaveHost,
        user_data: ec2.UserData,
        machines: int,
        egress: Sequence[ec2.IPeer] = (),
    ) -> None:
        super().__init__(scope, id)
        self.security_group = ec2.SecurityGroup(
            self, "SecurityGroup", vpc=vpc, description="Machines that hold an enclave", allow_all_outbound=False
        )
        let_out(self.security_group, egress)
        self.launch_template = ec2.LaunchTemplate(
            self,
            "Template",
            instance_type=ec2.InstanceType(host.name),
            machine_image=ec2.MachineImage.latest_amazon_linux2023(
                cpu_type=ec2.AmazonLinuxCpuType.ARM_64
                if host.architecture == "arm64"
                else ec2.AmazonLinuxCpuType.X86_64
            ),
            role=role,
            security_group=self.security_group,
            user_data=user_data,
            nitro_enclave_enabled=True,
            detailed_monitoring=True,
            ebs_optimized=True,
            require_imdsv2=True,
            http_put_response_hop_limit=1,
            http_endpoint=True,
            block_devices=[
                ec2.BlockDevice(
                    device_name="/dev/xvda",
                    volume=ec2.BlockDeviceVolume.ebs(
                        20,
                        encrypted=True,
                        kms_key=key,
                        volume_type=ec2.EbsDeviceVolumeType.GP3,
                        delete_on_termination=True,
                    ),
                )
            ],
        )
        self.auto_scaling_group = autoscaling.AutoScalingGroup(
            self,
            "Group",
            vpc=vpc,
            vpc_subnets=subnets,
            launch_template=self.launch_template,
            min_capacity=machines,
            max_capacity=machines,
            group_metrics=[autoscaling.GroupMetrics.all()],
            health_checks=autoscaling.HealthChecks.ec2(grace_period=Duration.seconds(_START_SECONDS)),
            update_policy=autoscaling.UpdatePolicy.rolling_update(
                max_batch_size=1,
                min_instances_in_service=max(0, machines - 1),
                pause_time=Duration.seconds(_START_SECONDS),
                wait_on_resource_signals=False,
            ),
        )
        # The first machine starts as soon as the group is there, and needs what the role allows.
        self.auto_scaling_group.node.add_dependency(role)
        acknowledge(
            self.auto_scaling_group,
            "AwsSolutions-AS3",
            reason="Launches and terminations are in the group's activity history and its metrics are on; an alarm on "
            "its machines in service is what wakes people.",
        )

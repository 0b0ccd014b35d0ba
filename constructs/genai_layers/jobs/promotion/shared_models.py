"""The side that gives: who of another account may read approved models, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Aws, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from genai_layers.foundation import WorkloadRole
from genai_layers.jobs.fine_tuning.approvals import approvals
from genai_layers.jobs.fine_tuning.deployment import MODELS
from genai_layers.jobs.promotion.errors import PromotionError
from genai_layers.jobs.promotion.source import ACCOUNT

_ROLE = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):role/[\w+=,.@/-]+")
_ORGANIZATION = re.compile(r"o-[a-z0-9]{10,32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """
    One role of another account that brings models there.

    Attributes:
        account: The account.
        role_arn: The role; `ReceivedModels.role_arn` of that account.

    Example:
        Receiver(account="111122223333", role_arn=role_of_production)
    """

    account: str
    role_arn: str

    def faults(self) -> list[str]:
        """Return what is wrong with it."""
        found = []
        if not ACCOUNT.fullmatch(self.account):
            found.append(f"receiver account is {self.account!r}: give its twelve digits")
        role = _ROLE.fullmatch(self.role_arn)
        if role is None:
            found.append(f"receiver role is {self.role_arn!r}: give the whole ARN of one role, without wildcards")
        elif role[1] != self.account:
            found.append(f"receiver role {self.role_arn!r} is of account {role[1]} and not of {self.account}")
        return found


class SharedModels(Construct):
    """
    Lets named roles of other accounts of the organization read the models of a group, and tells them of approvals.

    Registry, bucket and key each say so by account, role and organization: a role of that name that somebody makes in
    another organization is refused, and so is another role of the account. Reading is all they may.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*.
        group: Model package group, of this stack; its policy is written here.
        outputs: Bucket of the runs with its key, of this stack.
        receivers: Who may read. None before the other account stands: deploy there first, then name its role here.
        organization_id: Organization of all of them.

    Raises:
        PromotionError: A receiver is not named exactly; every fault at once.

    Example:
        SharedModels(self, "Shared", group=tuning.group, outputs=tuning.outputs, organization_id="o-a1b2c3d4e5",
                     receivers=[Receiver(account="111122223333", role_arn=role_of_production)])
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        group: sagemaker.CfnModelPackageGroup,
        outputs: s3.IBucket,
        receivers: Sequence[Receiver],
        organization_id: str,
    ) -> None:
        super().__init__(scope, id)
        faults = [fault for receiver in receivers for fault in receiver.faults()]
        if not _ORGANIZATION.fullmatch(organization_id):
            faults.append(
                f"organization_id is {organization_id!r}: give the id of the organization, as in o-a1b2c3d4e5"
            )
        key = outputs.encryption_key
        if key is None:
            faults.append("outputs has no key that is known here: give the bucket of a FineTuningPipeline")
        if faults or key is None:
            raise PromotionError(faults)
        self._organization, self._outputs, self._group, self._key = organization_id, outputs, group, key
        documents = []
        for number, receiver in enumerate(receivers, 1):
            self._admit(receiver, number)
            documents += self._registry(receiver, number)
            self._tell(receiver, number)
        if documents:
            group.model_package_group_policy = {"Version": "2012-10-17", "Statement": documents}

    def _conditions(self, receiver: Receiver) -> dict[str, dict[str, str]]:
        # A role as principal would be looked up at once, and stand for its id ever after; the condition reads its ARN.
        return {
            "ArnEquals": {"aws:PrincipalArn": receiver.role_arn},
            "StringEquals": {"aws:PrincipalOrgID": self._organization},
        }

    def _admit(self, receiver: Receiver, number: int) -> None:
        stack, who = Stack.of(self), [iam.AccountPrincipal(receiver.account)]
        conditions = self._conditions(receiver)
        self._outputs.add_to_resource_policy(
            iam.PolicyStatement(
                sid=f"ReadModels{number}",
                principals=who,
                actions=["s3:GetObject"],
                resources=[self._outputs.arn_for_objects(f"{MODELS}*")],
                conditions=conditions,
            )
        )
        self._outputs.add_to_resource_policy(
            iam.PolicyStatement(
                sid=f"ListModels{number}",
                principals=who,
                actions=["s3:ListBucket"],
                resources=[self._outputs.bucket_arn],
                conditions={**conditions, "StringLike": {"s3:prefix": f"{MODELS}*"}},
            )
        )
        through_s3 = {"kms:ViaService": f"s3.{stack.region}.{Aws.URL_SUFFIX}"}
        self._key.add_to_resource_policy(
            iam.PolicyStatement(
                sid=f"ReadModels{number}",
                principals=who,
                actions=["kms:Decrypt"],
                resources=["*"],
                conditions={**conditions, "StringEquals": {**conditions["StringEquals"], **through_s3}},
            )
        )

    def _registry(self, receiver: Receiver, number: int) -> list[dict[str, object]]:
        stack, name = Stack.of(self), self._group.model_package_group_name
        packages = stack.format_arn(service="sagemaker", resource="model-package", resource_name=f"{name}/*")
        return [
            {
                "Sid": f"ReadModels{number}",
                "Effect": "Allow",
                "Principal": {"AWS": iam.AccountPrincipal(receiver.account).arn},
                "Action": ["sagemaker:DescribeModelPackage"],
                "Resource": [packages],
                "Condition": self._conditions(receiver),
            }
        ]

    def _tell(self, receiver: Receiver, number: int) -> None:
        bus_arn = Stack.of(self).format_arn(
            service="events", account=receiver.account, resource="event-bus", resource_name="default"
        )
        role = WorkloadRole(
            self,
            f"TellRole{number}",
            assumed_by=iam.ServicePrincipal(
                "events.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
            ),
            description="tells another account of approved models",
        )
        bus = events.EventBus.from_event_bus_arn(self, f"Bus{number}", bus_arn)
        rule = events.Rule(
            self,
            f"OnApproval{number}",
            description="a model was approved, and another account may have it",
            event_pattern=events.EventPattern(**approvals(self._group.model_package_group_name)),
            targets=[targets.EventBus(bus, role=role)],
        )
        rule.node.add_dependency(role)

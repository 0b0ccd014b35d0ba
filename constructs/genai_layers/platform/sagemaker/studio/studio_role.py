"""The role that people of one group work with inside Studio."""

from collections.abc import Sequence

from aws_cdk import Aws, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from genai_layers.foundation import WorkloadRole, wildcard_resource
from genai_layers.foundation.nag import acknowledge

_SERVICE = "sagemaker.amazonaws.com"
_APPS = ("JupyterLab", "CodeEditor")
# Service authorization reference: these list, and know no resource or filter by none.
_LOOK = ("sagemaker:ListApps", "sagemaker:ListDomains", "sagemaker:ListSpaces", "sagemaker:ListUserProfiles")
_OWNER = "sagemaker:OwnerUserProfileArn"


class StudioRole(WorkloadRole):
    """
    It opens and stops apps in spaces of its own, on machines of a list, and has nothing else until it is granted.

    Whoever works with it is named in CloudTrail: the domain hands the name of the user profile over as the source
    identity of every session.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new role.
        instance_types: Machines that an app may take.
        key: Key of the volumes.
    """

    def __init__(self, scope: Construct, id: str, *, instance_types: Sequence[str], key: kms.IKey) -> None:
        conditions = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
        super().__init__(
            scope,
            id,
            assumed_by=iam.ServicePrincipal(_SERVICE, conditions=conditions),
            description="what people of one group may do inside Studio",
        )
        trust = self.assume_role_policy
        if trust is not None:
            trust.add_statements(
                iam.PolicyStatement(
                    principals=[iam.ServicePrincipal(_SERVICE)],
                    actions=["sts:SetSourceIdentity"],
                    conditions=conditions,
                )
            )
        self._types, self._key = tuple(instance_types), key

    def work_in(self, domain_id: str, profile_arns: Sequence[str]) -> None:
        """
        Let it work in spaces of its own people, in one domain.

        Args:
            domain_id: Id of the domain.
            profile_arns: ARNs of the people's profiles.
        """
        stack = Stack.of(self)
        spaces = stack.format_arn(service="sagemaker", resource="space", resource_name=f"{domain_id}/*")
        apps = [
            stack.format_arn(service="sagemaker", resource="app", resource_name=f"{domain_id}/*/{kind}/*")
            for kind in _APPS
        ]
        own = {"ArnEquals": {_OWNER: list(profile_arns)}}
        domain = stack.format_arn(service="sagemaker", resource="domain", resource_name=domain_id)
        statements = (
            iam.PolicyStatement(sid="Look", actions=list(_LOOK), resources=["*"]),
            iam.PolicyStatement(
                sid="Read",
                actions=[
                    "sagemaker:DescribeApp",
                    "sagemaker:DescribeDomain",
                    "sagemaker:DescribeSpace",
                    "sagemaker:DescribeUserProfile",
                ],
                resources=[domain, *profile_arns, spaces, *apps],
            ),
            iam.PolicyStatement(
                sid="OwnSpaces",
                actions=["sagemaker:CreateSpace", "sagemaker:DeleteSpace", "sagemaker:UpdateSpace"],
                resources=[spaces],
                conditions=own,
            ),
            iam.PolicyStatement(sid="StopOwnApps", actions=["sagemaker:DeleteApp"], resources=apps, conditions=own),
            iam.PolicyStatement(
                sid="StartOwnApps",
                actions=["sagemaker:CreateApp"],
                resources=apps,
                conditions={
                    **own,
                    # The app of the portal itself runs on a machine that is called so and costs nothing.
                    "ForAllValues:StringEquals": {"sagemaker:InstanceTypes": [*self._types, "system"]},
                },
            ),
            iam.PolicyStatement(
                sid="Label",
                actions=["sagemaker:AddTags"],
                resources=[spaces, *apps],
                conditions={"Null": {"sagemaker:TaggingAction": "false"}},
            ),
            iam.PolicyStatement(
                sid="Volumes",
                actions=["kms:CreateGrant", "kms:DescribeKey"],
                resources=[self._key.key_arn],
                conditions={
                    "StringEquals": {"kms:ViaService": f"sagemaker.{stack.region}.{stack.url_suffix}"},
                },
            ),
        )
        for statement in statements:
            self.add_to_policy(statement)
        acknowledge(
            self,
            "AwsSolutions-IAM5[Resource::*]",
            reason="The four actions list names and know no resource; what can be opened is bound to own spaces.",
        )
        acknowledge(
            self,
            *(wildcard_resource(self, each) for each in (spaces, *apps)),
            reason="People name their spaces and apps; the wildcards end in this domain, and what starts or stops "
            "something is bound to spaces that people of this group own.",
        )

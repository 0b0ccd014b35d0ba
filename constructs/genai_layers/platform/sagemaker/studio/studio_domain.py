"""A Studio domain in our network."""

from collections.abc import Sequence
from enum import Enum

import jsii
from aws_cdk import RemovalPolicy, Stack, Token
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from genai_layers.catalog import regions
from genai_layers.foundation import InterfaceEndpoint, KeyUse
from genai_layers.platform.fingerprint import replaceable_name
from genai_layers.platform.sagemaker.studio.errors import StudioError
from genai_layers.platform.sagemaker.studio.idle_shutdown import IdleShutdown
from genai_layers.platform.sagemaker.studio.start_script import StartScript, script_faults
from genai_layers.platform.sagemaker.studio.studio_group import StudioGroup, people_faults, profile_name
from genai_layers.platform.sagemaker.studio.studio_role import StudioRole

_MAX_NAME_CHARACTERS = 63
_HIDDEN = ("JupyterServer", "Canvas", "RStudioServerPro")


class SignIn(Enum):
    """How people come in."""

    IAM = "IAM"
    """Through a role of the account, with a presigned address."""
    SSO = "SSO"
    """Through IAM Identity Center, which asks for the second factor."""


@jsii.implements(ec2.IConnectable)
class StudioDomain(Construct):
    """
    Studio in a network without a way to the internet, under your key, with apps that stop when nobody works in them.

    It has no home file system: one would stay behind with its security groups when the domain goes, be billed for
    good and keep the network from going. Files lie on the volumes of spaces, under your key.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new domain.
        key: Key of the volumes; it needs `REQUIRED_KEY_USES`.
        vpc: Where apps stand; it needs a gateway endpoint for S3 and `REQUIRED_ENDPOINTS`.
        subnets: In which subnets; public ones are refused.
        sign_in: How people come in; it cannot be changed later. Default: `SignIn.IAM`.
        idle: When apps are stopped. Default: after an hour.
        instance_types: Machines that apps may take. Default: `ml.t3.medium`.
        volume_gb: Volume of a space, GB, 5 to 16384. Default: 5.
        max_volume_gb: Largest that a person may choose, GB. Default: 100.
        start_script: What an app runs when it starts. Default: nothing.
        removal_policy: What happens to domain and profiles when the stack goes. Default: they are kept.

    Attributes:
        REQUIRED_KEY_USES: Services that use *key*.
        REQUIRED_ENDPOINTS: Interface endpoints that apps need.
        cfn_domain: The domain as CloudFormation knows it.
        security_group: Network of the apps.
        role: What somebody without a group would work with; it is denied everything.

    Raises:
        StudioError: Something is wrong; all of it is listed.
        RegionError: The region has no SageMaker.

    Example:
        studio = StudioDomain(self, "Studio", key=key.key, vpc=network.vpc, subnets=network.isolated)
        analysts = studio.add_group("Analysts", ["ann", "ben"])
        data.grant_read(analysts.role)
    """

    REQUIRED_KEY_USES = (KeyUse.SAGEMAKER_ENDPOINT,)
    REQUIRED_ENDPOINTS = (
        InterfaceEndpoint.LOGS,
        InterfaceEndpoint.SAGEMAKER_API,
        InterfaceEndpoint.SAGEMAKER_RUNTIME,
        InterfaceEndpoint.STS,
    )

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection,
        sign_in: SignIn = SignIn.IAM,
        idle: IdleShutdown | None = None,
        instance_types: Sequence[str] = ("ml.t3.medium",),
        volume_gb: int = 5,
        max_volume_gb: int = 100,
        start_script: str | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        region = Stack.of(self).region
        if not Token.is_unresolved(region):
            regions.require(region, "AWS::SageMaker::Endpoint")
        self._idle, self._types, self._key = idle or IdleShutdown.hourly(), tuple(instance_types), key
        self._removal, self.signs_in_through_sso = removal_policy, sign_in is SignIn.SSO
        selected = vpc.select_subnets(
            availability_zones=subnets.availability_zones,
            subnet_filters=subnets.subnet_filters,
            subnet_group_name=subnets.subnet_group_name,
            subnet_type=subnets.subnet_type,
            subnets=subnets.subnets,
            one_per_az=subnets.one_per_az,
        )
        faults = [
            *self._idle.faults(),
            *_faults(self._types, volume_gb, max_volume_gb),
            *([] if start_script is None else script_faults(start_script)),
        ]
        if selected.has_public:
            faults.append("subnets are public: choose isolated ones, such as network.isolated")
        if faults:
            raise StudioError(faults)
        self._people: dict[str, str] = {}
        self.security_group = ec2.SecurityGroup(
            self, "SecurityGroup", vpc=vpc, description="apps of Studio", allow_all_outbound=False
        )
        # S3 through its gateway endpoint has public addresses. In isolated subnets no route leads anywhere else.
        self.security_group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.HTTPS, "AWS services over TLS")
        self.role = StudioRole(self, "Role", instance_types=[], key=key)
        self.role.add_to_policy(
            iam.PolicyStatement(sid="NobodyHasIt", effect=iam.Effect.DENY, actions=["*"], resources=["*"])
        )
        scripts = {} if start_script is None else StartScript(self, "Start", script=start_script).arns
        shared = {
            "executionRole": self.role.role_arn,
            "securityGroups": [self.security_group.security_group_id],
            "spaceStorageSettings": {
                "defaultEbsStorageSettings": {
                    "defaultEbsVolumeSizeInGb": volume_gb,
                    "maximumEbsVolumeSizeInGb": max_volume_gb,
                }
            },
        }
        create_only = {
            "vpc": vpc.vpc_id,
            "key": key.key_arn,
            "sign_in": sign_in.value,
        }
        self.cfn_domain = sagemaker.CfnDomain(
            self,
            "Resource",
            auth_mode=sign_in.value,
            domain_name=replaceable_name(self, create_only, max_length=_MAX_NAME_CHARACTERS),
            app_network_access_type="VpcOnly",
            vpc_id=vpc.vpc_id,
            subnet_ids=list(selected.subnet_ids),
            kms_key_id=key.key_arn,
            home_efs_file_system_creation="Disabled",
            tag_propagation="ENABLED",
            default_user_settings={
                **shared,
                "jupyterLabAppSettings": self._app(scripts.get("JupyterLab")),
                "codeEditorAppSettings": self._app(scripts.get("CodeEditor")),
                "sharingSettings": {"notebookOutputOption": "Disabled"},
                "studioWebPortal": "ENABLED",
                "studioWebPortalSettings": {"hiddenAppTypes": list(_HIDDEN)},
                "autoMountHomeEfs": "Disabled",
            },
            default_space_settings={**shared, "jupyterLabAppSettings": self._app(scripts.get("JupyterLab"))},
            domain_settings={
                "dockerSettings": {"enableDockerAccess": "DISABLED"},
                "executionRoleIdentityConfig": "USER_PROFILE_NAME",
                "securityGroupIds": [self.security_group.security_group_id],
            },
        )
        self.cfn_domain.apply_removal_policy(removal_policy)
        self.cfn_domain.node.add_dependency(self.role)

    @property
    def domain_id(self) -> str:
        """Id of the domain."""
        return self.cfn_domain.attr_domain_id

    @property
    def connections(self) -> ec2.Connections:
        """The network of the apps."""
        return self.security_group.connections

    def add_group(self, id: str, people: Sequence[str], *, instance_types: Sequence[str] | None = None) -> StudioGroup:
        """
        Let people in who may do the same.

        Args:
            id: Name of the group; changing it makes new profiles.
            people: Their names; with `SignIn.SSO` those of IAM Identity Center.
            instance_types: Machines that their apps may take. Default: those of the domain.

        Raises:
            StudioError: A name is refused, or somebody is in a group already.
        """
        types = self._types if instance_types is None else tuple(instance_types)
        faults = [*people_faults(people, through_sso=self.signs_in_through_sso), *_type_faults(types)]
        faults += [
            f"person {person!r} is in group {self._people[profile_name(person)]!r} already: name each person once"
            for person in people
            if profile_name(person) in self._people
        ]
        if faults:
            raise StudioError(faults)
        self._people |= {profile_name(person): id for person in people}
        group = StudioGroup(self, id, domain=self, people=people, instance_types=types, key=self._key)
        for profile in group.profiles.values():
            profile.apply_removal_policy(self._removal)
        return group

    def _app(self, script_arn: str | None) -> dict[str, object]:
        scripts = {} if script_arn is None else {"lifecycleConfigArns": [script_arn]}
        default = {} if script_arn is None else {"defaultResourceSpec": {"lifecycleConfigArn": script_arn}}
        return {"appLifecycleManagement": self._idle.render(), **scripts, **default}


def _faults(types: Sequence[str], volume_gb: int, max_volume_gb: int) -> list[str]:
    found = _type_faults(types)
    # API reference, DefaultEbsStorageSettings.
    if not 5 <= volume_gb <= max_volume_gb <= 16_384:
        found.append(
            f"volume_gb is {volume_gb} and max_volume_gb {max_volume_gb}: choose 5 <= volume_gb <= max_volume_gb <= "
            "16384"
        )
    return found


def _type_faults(types: Sequence[str]) -> list[str]:
    if types and all(each.startswith("ml.") for each in types):
        return []
    return [f"instance_types are {', '.join(types) or 'none'}: name at least one, such as 'ml.t3.medium'"]

"""Who an agent is to others, and the keys that it shows them."""

from collections.abc import Sequence

from aws_cdk import SecretValue
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from genai_layers.platform.agents.errors import AgentError
from genai_layers.platform.agents.names import dashed_name
from genai_layers.platform.agents.service_role import agentcore_arn, require_region

_DIRECTORY = "workload-identity-directory/default"
_VAULT = "token-vault/default"
_TYPES = ("AWS::BedrockAgentCore::WorkloadIdentity", "AWS::BedrockAgentCore::ApiKeyCredentialProvider")


class AgentIdentity(Construct):
    """
    A workload identity of AgentCore, and the API keys that whoever has it may be given.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new identity.
        return_urls: Addresses that people are sent back to after they let an agent act for them. Default: none, the
            agent acts for itself only.

    Attributes:
        identity: The identity, as the CDK knows it.

    Raises:
        AgentError: An address would give the answer to whoever listens.
        RegionError: The region has no identities.

    Example:
        identity = AgentIdentity(self, "Identity")
        weather = identity.add_api_key("Weather", secret)
        identity.grant_use(runtime, weather)
    """

    def __init__(self, scope: Construct, id: str, *, return_urls: Sequence[str] = ()) -> None:
        super().__init__(scope, id)
        require_region(self, *_TYPES)
        faults = [f"return_urls has {each!r}: use https" for each in return_urls if not each.startswith("https://")]
        if faults:
            raise AgentError(faults)
        self.identity = agentcore.WorkloadIdentity(
            self,
            "Resource",
            allowed_resource_oauth2_return_urls=list(return_urls) or None,
            workload_identity_name=dashed_name(self),
        )

    def add_api_key(self, id: str, secret: secretsmanager.ISecret) -> agentcore.ApiKeyCredentialProvider:
        """
        Put a key for somebody else's API into the vault.

        CloudFormation reads the secret at deploy time, so it is in no template. A changed secret reaches the vault
        with the next deploy that changes this resource.

        Args:
            id: Name within the identity.
            secret: Holds the key, as its whole text.
        """
        return agentcore.ApiKeyCredentialProvider(
            self,
            id,
            api_key=SecretValue.secrets_manager(secret.secret_arn),
            api_key_credential_provider_name=f"{dashed_name(self)}-{id}",
        )

    def grant_use(self, grantee: iam.IGrantable, *keys: agentcore.ApiKeyCredentialProvider) -> iam.Grant:
        """
        Let *grantee* act under this identity and read the given keys, no others.

        Args:
            grantee: Who may, such as a runtime.
            *keys: Keys that it may be given. Default: none.
        """
        directory = agentcore_arn(self, _DIRECTORY)
        granted = iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["bedrock-agentcore:GetWorkloadAccessToken", "bedrock-agentcore:GetWorkloadAccessTokenForJWT"],
            resource_arns=[directory, self.identity.workload_identity_arn],
        )
        for key in keys:
            granted = granted.combine(
                iam.Grant.add_to_principal(
                    grantee=grantee,
                    actions=["bedrock-agentcore:GetResourceApiKey"],
                    resource_arns=[
                        agentcore_arn(self, _VAULT),
                        directory,
                        self.identity.workload_identity_arn,
                        key.credential_provider_arn,
                    ],
                )
            ).combine(
                iam.Grant.add_to_principal(
                    grantee=grantee,
                    actions=["secretsmanager:GetSecretValue"],
                    resource_arns=[str(key.api_key_secret_arn)],
                )
            )
        return granted

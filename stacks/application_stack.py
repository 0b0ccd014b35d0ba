"""Layer 3: people sign in and ask."""

from __future__ import annotations

from aws_cdk import CfnOutput, Duration
from aws_cdk import aws_certificatemanager as acm
from constructs import Construct

from genai_layers.application import Api, ChatErasure, ChatService, FirewallLimits, TokenBudget, UserDirectory, WebPage
from genai_layers.settings import Settings
from stacks.chat_evaluation import evaluation_of
from stacks.environment_stack import EnvironmentStack
from stacks.network_stack import NetworkStack
from stacks.platform_stack import PlatformStack
from stacks.playground import playground_of
from stacks.security_stack import SecurityStack
from stacks.uploads import upload_of


class ApplicationStack(EnvironmentStack):
    """
    Identity, the API and the chat behind it.

    Attributes:
        directory: Who may sign in.
        api: The door.
        chat: Answers over the documents.
        upload: Takes documents of people; absent where the environment has none.
        page: What people use; absent where the environment has none.
        erasure: Erases what is kept of a person; operators may use it.
        playground: Tries prompts on models; absent where the environment has none.
        evaluation: Judges the chat by a golden set; absent where the environment has none.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        settings: Settings,
        security: SecurityStack,
        network: NetworkStack,
        platform: PlatformStack,
    ) -> None:
        super().__init__(scope, "Application", settings=settings, description="Sign-in with MFA, API and chat")
        wanted = settings.application
        network.network.require(*ChatService.REQUIRED_ENDPOINTS)
        self.directory = UserDirectory(
            self,
            "Directory",
            removal_policy=self.removal_policy,
            password_sign_in_reason=wanted.password_sign_in_reason,
            threat_protection_off_reason=wanted.threat_protection_off_reason,
        )
        self.api = Api(
            self,
            "Api",
            directory=self.directory,
            log_key=security.log_key.key,
            log_retention=self.log_retention,
            removal_policy=self.removal_policy,
            requests_per_second=wanted.requests_per_second,
            burst=wanted.burst,
            allowed_origins=wanted.allowed_origins,
            firewall=FirewallLimits(
                requests_per_address=wanted.firewall.requests_per_address, body_kib=wanted.firewall.body_kib
            )
            if wanted.firewall.enabled
            else None,
        )
        self.chat = ChatService(
            self,
            "Chat",
            vpc=network.network.vpc,
            subnets=network.network.isolated,
            key=security.data_key.key,
            log_key=security.log_key.key,
            model=platform.model,
            guardrail=platform.guardrail,
            knowledge_base=platform.knowledge_base,
            api=self.api,
            max_output_tokens=wanted.max_output_tokens,
            conversation_retention=Duration.days(wanted.conversation_days),
            budget=TokenBudget(per_user=wanted.daily_tokens_per_user),
            instructions=wanted.instructions,
            log_retention=self.log_retention,
            removal_policy=self.removal_policy,
        )
        self.erasure = ChatErasure(
            self,
            "Erasure",
            chat=self.chat,
            vpc=network.network.vpc,
            subnets=network.network.isolated,
            key=security.data_key.key,
            log_key=security.log_key.key,
            log_retention=self.log_retention,
            removal_policy=self.removal_policy,
        )
        self.erasure.grant_erase(security.access.operator)
        self.evaluation = evaluation_of(self, self.chat, settings=settings, security=security, network=network)
        self.playground = playground_of(
            self,
            settings=settings,
            security=security,
            network=network,
            platform=platform,
            directory=self.directory,
            api=self.api,
            log_retention=self.log_retention,
            removal_policy=self.removal_policy,
        )
        self.upload = upload_of(
            self,
            settings=settings,
            security=security,
            network=network,
            platform=platform,
            api=self.api,
            log_retention=self.log_retention,
            removal_policy=self.removal_policy,
        )
        self.page = self._page(settings, security) if wanted.web_page.enabled else None
        CfnOutput(self, "ApiUrl", value=self.api.url)
        CfnOutput(self, "UserPoolId", value=self.directory.user_pool.user_pool_id)
        CfnOutput(self, "UserPoolClientId", value=self.directory.client.user_pool_client_id)
        CfnOutput(self, "ConversationTableName", value=self.chat.table.table_name)
        if self.page is not None:
            CfnOutput(self, "WebPageUrl", value=f"{self.page.origin}/")

    def _page(self, settings: Settings, security: SecurityStack) -> WebPage:
        """Define the page, on one origin with the API, so that `allowed_origins` stays for pages of others."""
        wanted = settings.application.web_page
        return WebPage(
            self,
            "Page",
            directory=self.directory,
            api=self.api,
            access_logs=security.access_logs.bucket,
            log_key=security.log_key.key,
            budget=TokenBudget(per_user=settings.application.daily_tokens_per_user),
            upload=self.upload,
            has_playground=self.playground is not None,
            name=wanted.name,
            domain_name=wanted.domain_name,
            certificate=None
            if wanted.certificate_arn is None
            else acm.Certificate.from_certificate_arn(self, "PageCertificate", wanted.certificate_arn),
            default_certificate_reason=wanted.default_certificate_reason,
            web_acl_arn=wanted.web_acl_arn,
            log_retention=self.log_retention,
            removal_policy=self.removal_policy,
        )

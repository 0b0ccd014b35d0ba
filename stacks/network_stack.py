"""The network, in a stack of its own: it outlives whatever leaves interfaces behind in it."""

from __future__ import annotations

from constructs import Construct

from genai_layers.foundation import Network
from genai_layers.settings import Settings
from stacks.environment_stack import EnvironmentStack
from stacks.security_stack import SecurityStack


class NetworkStack(EnvironmentStack):
    """
    Private subnets and the endpoints that later stacks ask for.

    Attributes:
        network: Later stacks call `network.require(...)` for the endpoints that their parts need.
    """

    def __init__(self, scope: Construct, *, settings: Settings, security: SecurityStack) -> None:
        super().__init__(scope, "Network", settings=settings, description="Private network and its endpoints")
        self.network = Network(
            self,
            "Network",
            flow_log_key=security.log_key.key,
            log_retention=self.log_retention,
            cidr=settings.network.cidr,
            zone_count=settings.network.zone_count,
            zone_ids=settings.network.zone_ids,
            nat_gateways=settings.network.nat_gateways,
            removal_policy=self.removal_policy,
        )

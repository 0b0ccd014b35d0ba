"""Makes the stacks of an environment in their order and hands objects from one to the next."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import App, Stage
from aws_cdk import aws_iam as iam

from genai_layers.settings import Settings
from stacks.application_stack import ApplicationStack
from stacks.inference_stack import InferenceStack
from stacks.network_stack import NetworkStack
from stacks.operations_stack import OperationsStack
from stacks.platform_stack import PlatformStack
from stacks.security_stack import SecurityStack


@dataclass(frozen=True, slots=True, kw_only=True)
class Stacks:
    """
    The stacks of one environment.

    Attributes:
        inference: Absent where the environment runs no accelerators.
    """

    security: SecurityStack
    network: NetworkStack
    inference: InferenceStack | None
    platform: PlatformStack
    application: ApplicationStack
    operations: OperationsStack


def build(scope: App | Stage, settings: Settings) -> Stacks:
    """
    Define every stack of *settings* under *scope*.

    Data goes one way: a stack gets objects of earlier ones and never reaches forward.
    """
    security = SecurityStack(scope, settings=settings)
    network = NetworkStack(scope, settings=settings, security=security)
    inference = (
        InferenceStack(scope, settings=settings, security=security, network=network)
        if settings.inference.enabled
        else None
    )
    platform = PlatformStack(scope, settings=settings, security=security)
    application = ApplicationStack(scope, settings=settings, security=security, network=network, platform=platform)
    operations = OperationsStack(
        scope,
        settings=settings,
        security=security,
        inference=inference,
        platform=platform,
        application=application,
    )
    for stack in (network, inference, platform, application, operations):
        if stack is not None:
            iam.PermissionsBoundary.of(stack).apply(security.access.boundary)
    return Stacks(
        security=security,
        network=network,
        inference=inference,
        platform=platform,
        application=application,
        operations=operations,
    )

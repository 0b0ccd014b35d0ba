"""
The one way to the machines: an internal load balancer that lets nothing through but what asks the model.
"""

from __future__ import annotations

import jsii
from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from aws_cdk import aws_s3 as s3
from constructs import Construct

from genai_layers.foundation.nag import acknowledge
from genai_layers.inference.engines import ServingEngine
from genai_layers.inference.transport import Transport

HEALTH_PORT = 8001
"""Where a machine says whether its model answers."""


@jsii.implements(ec2.IConnectable)
class FrontDoor(Construct):
    """
    An internal application load balancer for the machines of one fleet.

    Paths that the engine does not guard with its API key are answered with 404 here and never reach it.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it changes the address.
        vpc: Where it stands.
        subnets: In which subnets.
        engine: What it leads to.
        transport: How requests travel.
        access_logs: Bucket for the access logs.
        request_timeout: Longest silence of a request, and longest wait for requests that run when a machine goes.
        removal_policy: Whether a delete needs a second thought.
        target_type: What it leads to: machines, or addresses of tasks. Default: machines.

    Attributes:
        load_balancer: The load balancer.
        target_group: The machines behind it.
        url: Its address, without a closing slash.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection,
        engine: ServingEngine,
        transport: Transport,
        access_logs: s3.IBucket,
        request_timeout: Duration,
        removal_policy: RemovalPolicy,
        target_type: elbv2.TargetType = elbv2.TargetType.INSTANCE,
    ) -> None:
        super().__init__(scope, id)
        self.load_balancer = elbv2.ApplicationLoadBalancer(
            self,
            "Resource",
            vpc=vpc,
            vpc_subnets=subnets,
            internet_facing=False,
            deletion_protection=removal_policy is not RemovalPolicy.DESTROY,
            desync_mitigation_mode=elbv2.DesyncMitigationMode.STRICTEST,
            drop_invalid_header_fields=True,
            idle_timeout=request_timeout,
        )
        self.load_balancer.log_access_logs(access_logs, self.node.path)
        self.target_group = elbv2.ApplicationTargetGroup(
            self,
            "Machines",
            vpc=vpc,
            port=engine.port,
            protocol=elbv2.ApplicationProtocol.HTTP,
            target_type=target_type,
            deregistration_delay=request_timeout,
            # A request may take a second or minutes, so the machine with the fewest is the free one.
            load_balancing_algorithm_type=elbv2.TargetGroupLoadBalancingAlgorithmType.LEAST_OUTSTANDING_REQUESTS,
            health_check=elbv2.HealthCheck(
                path="/health",
                port=str(HEALTH_PORT),
                protocol=elbv2.Protocol.HTTP,
                interval=Duration.seconds(10),
                timeout=Duration.seconds(5),
                healthy_threshold_count=2,
                unhealthy_threshold_count=3,
                healthy_http_codes="200",
            ),
        )
        listener = self._listener(transport.certificate)
        listener.add_action(
            "Requests",
            priority=1,
            conditions=[elbv2.ListenerCondition.path_patterns(list(engine.request_paths))],
            action=elbv2.ListenerAction.forward([self.target_group]),
        )
        self._connections = ec2.Connections(
            security_groups=self.load_balancer.connections.security_groups,
            default_port=ec2.Port.tcp(80 if transport.certificate is None else 443),
        )
        self.url = self._url(transport)
        self._acknowledge(listener, transport.plaintext_reason, removal_policy)

    @property
    def connections(self) -> ec2.Connections:
        """The network path to it."""
        return self._connections

    def _listener(self, certificate: acm.ICertificate | None) -> elbv2.ApplicationListener:
        nothing_here = elbv2.ListenerAction.fixed_response(
            404, content_type="text/plain", message_body="no such path: the model is asked under its API paths only"
        )
        if certificate is None:
            return self.load_balancer.add_listener(
                "Listener",
                port=80,
                protocol=elbv2.ApplicationProtocol.HTTP,
                open=False,
                default_action=nothing_here,
            )
        return self.load_balancer.add_listener(
            "Listener",
            port=443,
            protocol=elbv2.ApplicationProtocol.HTTPS,
            certificates=[certificate],
            ssl_policy=elbv2.SslPolicy.TLS13_12_RES_PQ,
            open=False,
            default_action=nothing_here,
        )

    def _url(self, transport: Transport) -> str:
        if transport.domain_name is None:
            return f"http://{self.load_balancer.load_balancer_dns_name}"
        if transport.hosted_zone is not None:
            route53.ARecord(
                self,
                "Name",
                zone=transport.hosted_zone,
                record_name=f"{transport.domain_name}.",
                target=route53.RecordTarget.from_alias(targets.LoadBalancerTarget(self.load_balancer)),
            )
        return f"https://{transport.domain_name}"

    def _acknowledge(
        self, listener: elbv2.ApplicationListener, plaintext_reason: str | None, removal_policy: RemovalPolicy
    ) -> None:
        acknowledge(
            self.load_balancer,
            "ALBWAFEnabled",
            reason="The load balancer is internal, opens to named security groups only, and passes API paths that "
            "need a key; a web application firewall would read prompts and stop none of them.",
        )
        if removal_policy is RemovalPolicy.DESTROY:
            acknowledge(
                self.load_balancer,
                "ELBDeletionProtectionEnabled",
                reason="The owner asked that everything goes with the stack; a protected load balancer would stop its "
                "destruction half-way and stay on the bill.",
            )
        if plaintext_reason is not None:
            acknowledge(
                listener,
                "ELBv2ACMCertificateRequired",
                "ALBHttpToHttpsRedirection",
                reason=plaintext_reason,
            )

"""A fleet as its callers and its watchers see it."""

from __future__ import annotations

import pytest

from genai_layers import testing
from genai_layers.inference import IModelEndpoint

pytestmark = pytest.mark.synth


def test_the_endpoint_names_the_model_and_the_way_to_it(estate):
    """Callers learn the address from the fleet and nowhere else."""
    plain = estate.fleet("Plain")
    named = estate.fleet(
        "Named", plaintext_reason=None, certificate=estate.certificate, domain_name="models.example.com"
    )

    assert named.endpoint.url == "https://models.example.com"
    assert estate.stack.resolve(plain.endpoint.url)["Fn::Join"][1][0] == "http://"
    assert plain.endpoint.model_id == "llama-3.1-8b"
    assert isinstance(plain, IModelEndpoint)


def test_a_caller_is_let_in_through_connections(estate):
    """`connections` is the load balancer's, on its listener's port."""
    fleet = estate.fleet()
    other = estate.fleet("Other")

    fleet.connections.allow_default_port_from(other.machines.security_group)

    rules = testing.resources(testing.template(estate.stack), "AWS::EC2::SecurityGroupIngress").values()
    assert [rule["Properties"]["FromPort"] for rule in rules].count(80) == 1


def test_metrics_have_the_names_that_cloudwatch_uses(estate):
    """A misspelt name would draw an empty graph and never raise an alarm."""
    fleet = estate.fleet()
    metrics = [
        fleet.metric_requests(),
        fleet.metric_response_time(),
        fleet.metric_server_errors(),
        fleet.metric_unhealthy_machines(),
    ]

    assert [(metric.namespace, metric.metric_name, metric.statistic) for metric in metrics] == [
        ("AWS/ApplicationELB", "RequestCount", "Sum"),
        ("AWS/ApplicationELB", "TargetResponseTime", "p90"),
        ("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "Sum"),
        ("AWS/ApplicationELB", "UnHealthyHostCount", "Maximum"),
    ]

"""The check for idle endpoints looks at everything, changes next to nothing, and only for a reason."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aws_cdk import App, Duration, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_sns as sns

from genai_layers import testing
from genai_layers.cost import idle_floor
from genai_layers.foundation import EncryptionKey
from genai_layers.foundation.nag import attach_checks, ledger, unmatched_acknowledgements
from genai_layers.operations import IdleCheckError, IdleEndpoints, IMeteredIdleCheck, Monitoring
from genai_layers.operations.idle_endpoints import NAMESPACE
from genai_layers.operations.work_watches import IDLE_CHECK
from genai_layers.runtime.idle_endpoints import report
from genai_layers.testing import Request, Resolver, Template, evaluate, resources
from genai_layers.testing.template_policies import policies_of

pytestmark = pytest.mark.synth

REASON = "Reports are made at night and their readers can wait"
SAGEMAKER = f"arn:aws:sagemaker:us-east-1:{testing.ACCOUNT}"
CHANGES = (
    ("sagemaker:UpdateEndpoint", "endpoint/one"),
    ("sagemaker:UpdateEndpointWeightsAndCapacities", "endpoint/one"),
    ("sagemaker:DeleteEndpoint", "endpoint/one"),
    ("sagemaker:UpdateInferenceComponent", "inference-component/one"),
    ("sagemaker:DeleteInferenceComponent", "inference-component/one"),
    ("sagemaker:StopNotebookInstance", "notebook-instance/one"),
    ("sagemaker:InvokeEndpoint", "endpoint/one"),
)


def _make(stack: Stack, **props: Any) -> IdleEndpoints:
    """Make a check in *stack*, watched, under a key of its own."""
    uses = [*Monitoring.REQUIRED_KEY_USES, *IdleEndpoints.REQUIRED_KEY_USES]
    key = EncryptionKey(stack, "Key", description="alarms", uses=uses)
    monitoring = Monitoring(stack, "Monitoring", key=key.key)
    check = IdleEndpoints(stack, "Idle", topic=monitoring.topic, key=key.key, **props)
    monitoring.monitor_idle_check(check)
    return check


@pytest.fixture(scope="module")
def app() -> App:
    """A dry run and one that acts, under every pack; this raises where anything is found."""
    app = testing.app()
    attach_checks(app)
    _make(testing.stack(app, "Dry"))
    acting = testing.stack(app, "Acting")
    _make(acting, scale_in_reason=REASON, window=Duration.days(3), schedule=events.Schedule.rate(Duration.hours(12)))
    testing.template(acting)
    return app


def _template(app: App, id: str) -> Template:
    stack = app.node.find_child(id)
    assert isinstance(stack, Stack)
    return testing.template(stack)


def _environment(template: Template) -> dict[str, Any]:
    (function,) = resources(template, "AWS::Lambda::Function").values()
    variables: dict[str, Any] = function["Properties"]["Environment"]["Variables"]
    return variables


def _may(template: Template, *calls: tuple[str, str, dict[str, str]]) -> list[bool]:
    resolver = Resolver(template=template)
    (role,) = [name for name in resources(template, "AWS::IAM::Role") if name.startswith("IdleFunctionRole")]
    (key,) = resources(template, "AWS::KMS::Key").values()
    return [
        decision.allowed
        for decision in evaluate(
            [
                Request(
                    principal=resolver.arn(role),
                    action=action,
                    resource=resource,
                    context=context,
                    identity_policies=policies_of(template, role, resolver),
                    resource_policy=resolver.resolve(key["Properties"]["KeyPolicy"]) if ":key/" in resource else None,
                    resource_account=testing.ACCOUNT,
                )
                for action, resource, context in calls
            ]
        )
    ]


def test_it_is_clean_and_every_acceptance_of_a_finding_is_really_found(app: App) -> None:
    """The fixture synthesizes under four packs, our rules and the CloudFormation validator."""
    assert [f"{entry.where}: {entry.rule}" for entry in unmatched_acknowledgements(app.outdir)] == []


def test_the_reason_to_act_is_in_the_ledger(app: App) -> None:
    """An auditor reads why copies may go."""
    reasons = {entry.where.split("/")[0] for entry in ledger(app.outdir).entries if entry.reason == REASON}

    assert reasons == {"Acting"}


@pytest.mark.parametrize("id", ["Dry", "Acting"])
def test_it_may_look_and_tell(app: App, id: str) -> None:
    """Everything that the handler calls is allowed, and the topic's key through the topic only."""
    template = _template(app, id)
    resolver = Resolver(template=template)
    (topic,) = resources(template, "AWS::SNS::Topic")
    (key,) = resources(template, "AWS::KMS::Key")
    looks = [
        ("sagemaker:ListEndpoints", "*"),
        ("sagemaker:ListInferenceComponents", "*"),
        ("sagemaker:ListNotebookInstances", "*"),
        ("sagemaker:DescribeEndpoint", f"{SAGEMAKER}:endpoint/one"),
        ("sagemaker:DescribeEndpointConfig", f"{SAGEMAKER}:endpoint-config/one"),
        ("sagemaker:DescribeInferenceComponent", f"{SAGEMAKER}:inference-component/one"),
        ("cloudwatch:GetMetricData", "*"),
        ("cloudtrail:LookupEvents", "*"),
        ("application-autoscaling:DescribeScalableTargets", "*"),
        ("application-autoscaling:DescribeScalingPolicies", "*"),
        ("sns:Publish", resolver.arn(topic)),
    ]
    through = {"kms:ViaService": "sns.us-east-1.amazonaws.com"}

    answers = _may(
        template,
        *((action, resource, {}) for action, resource in looks),
        ("kms:GenerateDataKey", resolver.arn(key), through),
        ("kms:GenerateDataKey", resolver.arn(key), {"kms:ViaService": "s3.us-east-1.amazonaws.com"}),
        ("sns:Publish", f"arn:aws:sns:us-east-1:{testing.ACCOUNT}:other", {}),
    )

    assert answers == [*([True] * (len(looks) + 1)), False, False]


def test_only_a_reason_lets_it_change_copies_and_nothing_lets_it_change_more(app: App) -> None:
    """Instance counts, configurations and notebooks are their owners'."""
    copies = ("sagemaker:UpdateInferenceComponentRuntimeConfig", f"{SAGEMAKER}:inference-component/one", {})
    others = [(action, f"{SAGEMAKER}:{resource}", {}) for action, resource in CHANGES]

    assert _may(_template(app, "Dry"), copies, *others) == [False] * (1 + len(others))
    assert _may(_template(app, "Acting"), copies, *others) == [True, *([False] * len(others))]


def test_prices_of_the_catalog_are_handed_over(app: App) -> None:
    """The function asks no price list."""
    environment = _environment(_template(app, "Dry"))

    assert json.loads(environment["USD_PER_HOUR"])["ml.g6e.2xlarge"] == pytest.approx(2.8026)
    assert "SCALE_IN_REASON" not in environment
    assert environment["WINDOW_DAYS"] == "14"
    assert len(json.dumps(environment)) < 4096


def test_two_checks_write_metrics_of_their_own(app: App) -> None:
    """Their sums would mean nothing."""
    names = {_environment(_template(app, stack))["CHECK_NAME"] for stack in ("Dry", "Acting")}

    assert len(names) == 2


def test_it_starts_by_the_clock_and_a_failure_is_kept_and_told(app: App) -> None:
    """Nobody waits for its answer."""
    template = _template(app, "Acting")
    (rule,) = resources(template, "AWS::Events::Rule").values()
    (queue,) = resources(template, "AWS::SQS::Queue")
    (function,) = resources(template, "AWS::Lambda::Function").values()
    alarms = [one["Properties"] for one in resources(template, "AWS::CloudWatch::Alarm").values()]

    assert rule["Properties"]["ScheduleExpression"] == "rate(12 hours)"
    assert function["Properties"]["DeadLetterConfig"]["TargetArn"]["Fn::GetAtt"][0] == queue
    assert [(one["MetricName"], one["Namespace"]) for one in alarms] == [("Errors", "AWS/Lambda")]


def test_what_is_drawn_is_what_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    """A graph of a metric that nobody writes is empty."""
    check = _make(testing.stack())
    assert isinstance(check, IMeteredIdleCheck)
    drawn = {make(check).metric_name for graph in IDLE_CHECK.graphs for make in graph.metrics.values()}
    report.measure("check", [])

    (line,) = [json.loads(each) for each in capsys.readouterr().out.splitlines() if "_aws" in each]
    assert drawn == {name for name in line if name.startswith("Idle")}
    assert report.NAMESPACE == NAMESPACE == check.metric("IdleEndpoints").namespace


def test_a_region_without_components_and_an_unknown_region_have_their_settings() -> None:
    """In one the call may be missing; in the other no price is guessed."""
    without, unknown = testing.stack(region="eu-west-3"), Stack(testing.app(), "Unknown")
    _make(without)
    _make(unknown)

    assert _environment(testing.template(without))["WITHOUT_COMPONENTS"] == "true"
    assert json.loads(_environment(testing.template(unknown))["USD_PER_HOUR"]) == {}
    assert "WITHOUT_COMPONENTS" not in _environment(testing.template(unknown))


def test_it_costs_next_to_nothing_itself(app: App) -> None:
    """Its function, queue and rule are paid by use; the alarm and the graphs of six metrics are known."""
    floor = idle_floor({"Dry": _template(app, "Dry")}, "us-east-1")

    assert floor.unpriced == ()
    assert [line for line in floor.lines if line.logical_id.startswith("Idle")] == []


def test_every_fault_is_named_at_once() -> None:
    """With what to choose."""
    stack = testing.stack()
    topic = sns.Topic(stack, "Topic")
    key = EncryptionKey(stack, "Key", description="logs")

    with pytest.raises(IdleCheckError) as caught:
        IdleEndpoints(
            stack,
            "Idle",
            topic=topic,
            key=key.key,
            window=Duration.hours(36),
            scale_in_reason="cost",
            notebook_usd_per_hour={"t3.medium": 0.05},
        )

    assert [fault.split(":")[0] for fault in caught.value.faults] == [
        "window is 1.5 days",
        "scale_in_reason 'cost' says too little",
        "notebook_usd_per_hour has 0.05 for 't3.medium'",
    ]

"""A function ships our runtime alone, may do little before a grant says so, and its code has one hash everywhere."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from aws_cdk import Duration, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs

from genai_layers import testing
from genai_layers.foundation import EncryptionKey, HandlerError, KeyUse, Network, PythonFunction, WorkloadRole
from genai_layers.foundation.runtime_code import PACKAGE, check_handler, runtime_code
from genai_layers.testing import ACCOUNT, Request

pytestmark = pytest.mark.synth

FOLDER = "default_security_group"


def _function(stack: Stack, id: str = "Function", **props: object) -> PythonFunction:
    key = stack.node.try_find_child("Key") or EncryptionKey(
        stack, "Key", description="functions", uses=[KeyUse.LOGS, KeyUse.LAMBDA]
    )
    assert isinstance(key, EncryptionKey)
    given = {"handler_folder": FOLDER, "description": "a function", "log_retention": logs.RetentionDays.ONE_YEAR}
    return PythonFunction(stack, id, key=key.key, **{**given, **props})  # type: ignore[arg-type]


def _resource(stack: Stack) -> dict[str, object]:
    (function,) = testing.resources(testing.template(stack), "AWS::Lambda::Function").values()
    return function["Properties"]


def test_a_function_has_safe_defaults() -> None:
    """ARM, traces, its own encrypted log group in JSON, and the handler of its folder."""
    stack = testing.stack()
    _function(stack)

    function = _resource(stack)

    assert function["Architectures"] == ["arm64"]
    assert function["TracingConfig"] == {"Mode": "Active"}
    assert function["LoggingConfig"]["LogFormat"] == "JSON"
    assert set(function["LoggingConfig"]["LogGroup"]) == {"Ref"}
    assert function["Handler"] == "runtime.default_security_group.handler.handler"
    assert (function["Timeout"], function["MemorySize"]) == (30, 512)


def test_given_values_are_used_as_they_are() -> None:
    """Time, memory, share of the account and environment are taken as given; the environment is encrypted."""
    stack = testing.stack()
    _function(
        stack, timeout=Duration.minutes(5), memory_mib=1024, reserved_concurrency=10, environment={"TABLE_NAME": "t"}
    )

    function = _resource(stack)

    assert (function["Timeout"], function["MemorySize"]) == (300, 1024)
    assert function["ReservedConcurrentExecutions"] == 10
    assert function["Environment"] == {"Variables": {"TABLE_NAME": "t"}}
    assert "KmsKeyArn" in function


def test_a_function_may_write_its_log_and_traces_and_nothing_else() -> None:
    """Before a grant, no other action is allowed."""
    stack = testing.stack()
    _function(stack)
    template = testing.template(stack)
    (role,) = testing.resources(template, "AWS::IAM::Role")

    actions = {
        action
        for policy in testing.policies_of(template, role)
        for statement in policy["Statement"]
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }

    assert actions == {
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    }


@pytest.mark.tool
def test_a_function_opens_its_own_settings_and_no_log() -> None:
    """Logs lie under the same key; the encryption context tells them apart."""
    stack = testing.stack()
    _function(stack, environment={"TABLE_NAME": "t"})
    template = testing.template(stack)
    (role,), (key,) = (testing.resources(template, f"AWS::{kind}") for kind in ("IAM::Role", "KMS::Key"))
    decrypts = Request(
        principal=testing.Resolver(template=template).arn(role),
        action="kms:Decrypt",
        resource=testing.Resolver(template=template).arn(key),
        identity_policies=testing.policies_of(template, role),
        resource_policy=testing.key_policy_of(template, key),
    )
    contexts = ({"kms:EncryptionContextKeys": [each]} for each in ("aws:lambda:FunctionArn", "aws:logs:arn"))
    asked = [replace(decrypts, context=context) for context in contexts]
    assert [decision.allowed for decision in testing.evaluate(asked)] == [True, False]


@pytest.mark.tool
def test_the_code_of_a_function_cannot_use_its_network_permissions() -> None:
    """Lambda itself may put interfaces into the network; what runs in the function may not."""
    stack = testing.stack()
    key = EncryptionKey(stack, "NetworkKey", description="flow logs", uses=[KeyUse.LOGS]).key
    network = Network(stack, "Network", flow_log_key=key, log_retention=logs.RetentionDays.ONE_YEAR)
    made = _function(stack, vpc=network.vpc)
    role = stack.get_logical_id(made.role.node.default_child)  # type: ignore[arg-type]
    template = testing.template(stack)
    principal = testing.Resolver(template=template).arn(role)
    policies = testing.policies_of(template, role)
    code = {"lambda:SourceFunctionArn": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f"}

    decisions = testing.evaluate(
        [
            Request(
                principal=principal,
                action="ec2:CreateNetworkInterface",
                resource=f"arn:aws:ec2:us-east-1:{ACCOUNT}:subnet/subnet-1",
                context=context,
                identity_policies=policies,
            )
            for context in ({}, code)
        ]
    )

    assert [decision.allowed for decision in decisions] == [True, False]


def test_a_function_in_a_network_sits_in_isolated_subnets_and_opens_tls_only() -> None:
    """Nothing but port 443 leaves it until `connections` says so, and the permissions come before it."""
    stack = testing.stack()
    key = EncryptionKey(stack, "NetworkKey", description="flow logs", uses=[KeyUse.LOGS]).key
    network = Network(stack, "Network", flow_log_key=key, log_retention=logs.RetentionDays.ONE_YEAR, nat_gateways=1)
    made = _function(stack, vpc=network.vpc)
    made.connections.allow_to(ec2.Peer.ipv4("10.0.0.9/32"), ec2.Port.tcp(8000), "a model server")
    template = testing.template(stack)
    function = template["Resources"][stack.get_logical_id(made.function.node.default_child)]  # type: ignore[arg-type]

    subnets = [template["Resources"][each["Ref"]] for each in function["Properties"]["VpcConfig"]["SubnetIds"]]
    (group,) = function["Properties"]["VpcConfig"]["SecurityGroupIds"]
    rules = template["Resources"][group["Fn::GetAtt"][0]]["Properties"]["SecurityGroupEgress"]
    assert [subnet["Properties"]["CidrBlock"] for subnet in subnets] == ["10.0.0.0/20", "10.0.16.0/20"]
    assert sorted(rule["ToPort"] for rule in rules) == [443, 8000]
    assert any("DefaultPolicy" in each for each in function["DependsOn"])


def test_grants_go_to_the_role_of_the_function() -> None:
    """The function itself can be given a grant, like any AWS principal."""
    stack = testing.stack()
    made = _function(stack)
    bucket = s3.Bucket(stack, "Bucket")

    bucket.grant_read(made)

    template = testing.template(stack)
    policies = testing.policies_of(template, stack.get_logical_id(made.role.node.default_child))  # type: ignore[arg-type]
    text = str(policies)
    assert "s3:GetObject*" in text


def test_a_role_that_is_given_is_used() -> None:
    """The function makes no role of its own then, and adds what it needs to the given one."""
    stack = testing.stack()
    role = WorkloadRole(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"), description="shared")

    made = _function(stack, role=role)

    assert made.role is role
    assert len(testing.resources(testing.template(stack), "AWS::IAM::Role")) == 1


def test_an_asynchronous_function_can_keep_what_failed() -> None:
    """With a queue, events that failed every retry are kept there."""
    stack = testing.stack()
    _function(stack, dead_letter_queue=sqs.Queue(stack, "Failed"))

    assert "DeadLetterConfig" in _resource(stack)


def test_a_folder_without_a_handler_is_refused() -> None:
    """The message names the folders that have one."""
    with pytest.raises(HandlerError, match=r"handler_folder 'nothing' holds no handler.py.*default_security_group"):
        _function(testing.stack(), handler_folder="nothing")


def test_a_package_without_any_handler_says_so(tmp_path: Path) -> None:
    """There is nothing to choose from then, and the message says that."""
    with pytest.raises(HandlerError, match="none yet"):
        check_handler("chat", tmp_path)


def _hash(package: Path) -> str:
    stack = testing.stack()
    lambda_.Function(stack, "F", code=runtime_code(package), handler="h", runtime=lambda_.Runtime.PYTHON_3_14)
    key: str = _resource(stack)["Code"]["S3Key"]  # type: ignore[index]
    return key


def test_the_same_code_has_the_same_hash_on_any_path_at_any_time(tmp_path: Path) -> None:
    """Neither where the package lies, nor file times, nor compiled files, nor neighbours change the template."""
    copy = tmp_path / "somewhere" / "else"
    shutil.copytree(PACKAGE / "runtime", copy / "runtime", ignore=shutil.ignore_patterns("__pycache__"))
    for file in copy.rglob("*"):
        os.utime(file, (1, 1))
    cache = copy / "runtime" / "__pycache__"
    cache.mkdir()
    (cache / "__init__.cpython-313.pyc").write_bytes(b"compiled")
    (copy / "catalog").mkdir()
    (copy / "catalog" / "instances.py").write_text("not shipped")

    assert _hash(copy) == _hash(PACKAGE)


def test_other_code_has_another_hash(tmp_path: Path) -> None:
    """One character is enough."""
    copy = tmp_path / "package"
    shutil.copytree(PACKAGE / "runtime", copy / "runtime")
    before = _hash(copy)

    with (copy / "runtime" / "__init__.py").open("a") as file:
        file.write("\n# changed\n")

    assert _hash(copy) != before


def test_only_the_runtime_is_shipped() -> None:
    """The asset holds `runtime/` with its sources, and neither constructs nor compiled files."""
    stack = testing.stack()
    made = _function(stack)
    testing.template(stack)
    app = stack.node.root
    key = stack.resolve(made.function.node.default_child.code)["s3Key"]  # type: ignore[union-attr]

    asset = Path(app.outdir, f"asset.{key.removesuffix('.zip')}")  # type: ignore[attr-defined]

    assert [each.name for each in asset.iterdir()] == ["runtime"]
    assert (asset / "runtime" / FOLDER / "handler.py").is_file()
    assert not list(asset.rglob("*.pyc"))

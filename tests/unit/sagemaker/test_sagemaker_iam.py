"""Who may do what: the execution role, the callers, and people who are kept to the private hub."""

from __future__ import annotations

import pytest
from sagemaker_estate import ACCOUNT, LLAMA, Rendered

pytestmark = pytest.mark.synth

HERE = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}"
INVOKE = "sagemaker:InvokeEndpoint"
STREAM = "sagemaker:InvokeEndpointWithResponseStream"
LATER = "sagemaker:InvokeEndpointAsync"
SHARED_ROLE = "SharedHostingRole"
LASTING_ROLE = "LastingHostingRole"


def arn(rendered: Rendered, type: str, start: str, name: str) -> str:
    """Return the ARN of an endpoint or component, by the name that the template gives it."""
    kind = {"EndpointName": "endpoint", "InferenceComponentName": "inference-component"}[name]
    return f"{HERE}:{kind}/{rendered.value(rendered.one(type, start)[name])}"


def endpoint(rendered: Rendered, start: str) -> str:
    """Return the ARN of an endpoint."""
    return arn(rendered, "AWS::SageMaker::Endpoint", start, "EndpointName")


def component(rendered: Rendered, start: str) -> str:
    """Return the ARN of a component."""
    return arn(rendered, "AWS::SageMaker::InferenceComponent", start, "InferenceComponentName")


@pytest.fixture(scope="module")
def bucket(rendered: Rendered):
    """Return a function that names a bucket of the template."""

    def named(start: str) -> str:
        (logical_id,) = rendered.all("AWS::S3::Bucket", start)
        return f"arn:aws:s3:::{logical_id.lower()}"

    return named


def test_who_may_ask_one_model_may_ask_no_other_of_the_endpoint(rendered: Rendered) -> None:
    """A request is authorized against endpoint and component, and both are named."""
    first, second = component(rendered, "SharedLlama"), component(rendered, "SharedSecond")

    answers = rendered.allowed(
        "OneModel",
        (INVOKE, endpoint(rendered, "Shared"), {}),
        (STREAM, first, {}),
        (INVOKE, second, {}),
        (INVOKE, endpoint(rendered, "Lasting"), {}),
        (LATER, endpoint(rendered, "Shared"), {}),
        ("sagemaker:UpdateEndpoint", endpoint(rendered, "Shared"), {}),
    )

    assert answers == [True, True, False, False, False, False]


def test_who_may_ask_the_endpoint_may_ask_models_and_adapters_whenever_they_were_added(rendered: Rendered) -> None:
    """Every component is admitted, and nothing of another endpoint."""
    ours = [component(rendered, start) for start in ("SharedLlama", "SharedSecond", "SharedLlamaLegal")]

    answers = rendered.allowed(
        "AllModels",
        *[(INVOKE, each, {}) for each in ours],
        (INVOKE, component(rendered, "Lasting"), {}),
    )

    assert answers == [True, True, True, False]


def test_a_grant_that_came_first_holds_for_a_model_that_came_later(estate) -> None:
    """Order of the calls changes nothing."""
    shared = estate.endpoint()
    shared.grant_invoke(estate.caller("Early"))
    shared.add_model("Llama", estate.llama())

    seen = Rendered(template=estate.template(), estate=estate)

    assert seen.allowed("Early", (INVOKE, component(seen, "Endpoint"), {})) == [True]


def test_an_asynchronous_endpoint_is_asked_in_its_own_way_only(rendered: Rendered) -> None:
    """InvokeEndpoint would pass by its queue."""
    queue = endpoint(rendered, "Async")

    assert rendered.allowed("Later", (LATER, queue, {}), (INVOKE, queue, {})) == [True, False]


def test_the_execution_role_reads_the_folders_of_its_models_and_nothing_else(rendered: Rendered, bucket) -> None:
    """Another folder, another bucket and any write are denied; files are decrypted through S3 only."""
    weights = bucket("Weights")
    (key,) = rendered.all("AWS::KMS::Key", "Key")
    key_arn = rendered.value({"Fn::GetAtt": [key, "Arn"]})
    s3 = {"kms:ViaService": "s3.us-east-1.amazonaws.com"}

    answers = rendered.allowed(
        SHARED_ROLE,
        ("s3:GetObject", f"{weights}/llama-3.1-8b/model.safetensors", {}),
        ("s3:GetObject", f"{weights}/adapters/legal.tar.gz", {}),
        ("s3:ListBucket", weights, {"s3:prefix": "llama-3.1-8b/"}),
        ("kms:Decrypt", key_arn, s3),
        ("s3:GetObject", f"{weights}/llama-3.1-8b-secret/model.safetensors", {}),
        ("s3:GetObject", f"{weights}/adapters/other.tar.gz", {}),
        ("s3:ListBucket", weights, {"s3:prefix": ""}),
        ("s3:PutObject", f"{weights}/llama-3.1-8b/model.safetensors", {}),
        ("kms:Decrypt", key_arn, {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}),
    )

    assert answers == [True] * 4 + [False] * 5


def test_the_execution_role_writes_captures_and_its_own_logs(rendered: Rendered, bucket) -> None:
    """Not the logs of another endpoint, nor elsewhere in the bucket."""
    captures = bucket("Captures")
    groups = {
        start: rendered.value({"Fn::GetAtt": [name, "Arn"]})
        for start in ("SharedLogs", "LastingLogs", "SharedLlamaLogs")
        for name in rendered.all("AWS::Logs::LogGroup", start)
    }

    answers = rendered.allowed(
        SHARED_ROLE,
        ("s3:PutObject", f"{captures}/captured/endpoint/one.jsonl", {}),
        ("logs:CreateLogStream", groups["SharedLogs"], {}),
        ("logs:CreateLogStream", groups["SharedLlamaLogs"], {}),
        ("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": "/aws/sagemaker/Endpoints"}),
        ("s3:PutObject", f"{captures}/elsewhere/one.jsonl", {}),
        ("s3:GetObject", f"{captures}/captured/endpoint/one.jsonl", {}),
        ("logs:CreateLogStream", groups["LastingLogs"], {}),
        ("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": "Billing"}),
    )

    assert answers == [True] * 4 + [False] * 4


def test_the_execution_role_pulls_the_images_of_its_models_only(rendered: Rendered) -> None:
    """One repository for each engine, in the registry of AWS."""
    registry = "arn:aws:ecr:us-east-1:763104351884:repository"

    answers = rendered.allowed(
        SHARED_ROLE,
        ("ecr:GetAuthorizationToken", "*", {}),
        ("ecr:BatchGetImage", f"{registry}/djl-inference", {}),
        ("ecr:BatchGetImage", f"{registry}/vllm", {}),
        ("ecr:BatchGetImage", f"{registry}/sglang", {}),
        ("ecr:PutImage", f"{registry}/vllm", {}),
    )

    assert answers == [True, True, True, False, False]


def test_the_execution_role_makes_interfaces_in_its_own_network_only(rendered: Rendered) -> None:
    """The condition on the network holds what no id can."""
    ec2 = f"arn:aws:ec2:us-east-1:{ACCOUNT}"
    (network,) = rendered.all("AWS::EC2::VPC", "Network")
    ours, another = {"ec2:Vpc": f"{ec2}:vpc/{network}"}, {"ec2:Vpc": f"{ec2}:vpc/vpc-other"}
    interface = f"{ec2}:network-interface/eni-1"

    answers = rendered.allowed(
        SHARED_ROLE,
        ("ec2:DeleteNetworkInterface", interface, ours),
        ("ec2:CreateNetworkInterfacePermission", interface, ours),
        ("ec2:DeleteNetworkInterface", interface, another),
        ("ec2:CreateNetworkInterfacePermission", interface, another),
    )

    assert answers == [True, True, False, False]


def test_a_pretrained_model_is_read_from_the_bucket_of_its_region_and_folder(rendered: Rendered) -> None:
    """Other models of the same bucket of AWS stay closed."""
    gated = "arn:aws:s3:::jumpstart-private-cache-prod-us-east-1"
    folder = f"meta-textgeneration/{LLAMA}/artifacts/inference-prepack/v2.0.0"

    answers = rendered.allowed(
        LASTING_ROLE,
        ("s3:GetObject", f"{gated}/{folder}/config.json", {}),
        ("s3:GetObject", f"{gated}/meta-textgeneration/another/config.json", {}),
        ("s3:GetObject", f"arn:aws:s3:::jumpstart-cache-prod-us-east-1/{folder}/config.json", {}),
    )

    assert answers == [True, False, False]


def test_an_asynchronous_endpoint_reads_requests_and_writes_answers(rendered: Rendered, bucket) -> None:
    """It never reads an answer, nor writes a request; it may tell its topic."""
    mail = bucket("Mail")
    (topic,) = rendered.all("AWS::SNS::Topic", "Answered")

    answers = rendered.allowed(
        "AsyncHostedHostingRole",
        ("s3:GetObject", f"{mail}/requests/1.json", {}),
        ("s3:PutObject", f"{mail}/answers/1.out", {}),
        ("s3:PutObject", f"{mail}/failures/1.out", {}),
        ("sns:Publish", rendered.value({"Ref": topic}), {}),
        ("s3:GetObject", f"{mail}/answers/1.out", {}),
        ("s3:PutObject", f"{mail}/requests/1.json", {}),
    )

    assert answers == [True, True, True, True, False, False]


def test_only_sagemaker_of_our_account_takes_on_the_execution_role(rendered: Rendered) -> None:
    """The trust names the service, and refuses calls that say they come for another account."""
    role = rendered.one("AWS::IAM::Role", SHARED_ROLE)

    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]

    assert statement["Principal"] == {"Service": "sagemaker.amazonaws.com"}
    assert list(statement["Condition"]["StringEqualsIfExists"]) == ["aws:SourceAccount"]
    assert "ManagedPolicyArns" not in role

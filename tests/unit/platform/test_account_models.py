"""Models that stand in the account: each is granted by its own ARN, in every partition."""

from __future__ import annotations

import json
import re

import pytest
from aws_cdk import aws_iam as iam
from model_builders import foundation, granted

from genai_layers import testing
from genai_layers.platform import (
    AccountModel,
    FoundationModel,
    Guardrail,
    IModel,
    InferenceProfile,
    ModelError,
    model_of,
)

pytestmark = pytest.mark.synth

LITE = "amazon.nova-lite-v1:0"
INVOKE = "bedrock:InvokeModel"
BEDROCK = "arn:aws:bedrock:us-east-1:111122223333:"
PROVISIONED = f"{BEDROCK}provisioned-model/abcdefghijkl"
IMPORTED = f"{BEDROCK}imported-model/abcdefghijkl"
DEPLOYED = f"{BEDROCK}custom-model-deployment/abcdefghijkl"
ENDPOINT = "arn:aws:sagemaker:us-east-1:111122223333:endpoint/mistral"
GUARDRAIL = f"{BEDROCK}guardrail/abc"


@pytest.mark.parametrize(
    ("make", "arn"),
    [
        (AccountModel.provisioned, PROVISIONED),
        (AccountModel.imported, IMPORTED),
        (AccountModel.custom_deployment, DEPLOYED),
    ],
    ids=["provisioned", "imported", "custom deployment"],
)
def test_a_model_of_the_account_is_granted_by_its_arn_alone(may, make, arn):
    """No foundation model comes along, and another model of the account stays denied."""
    template = granted(lambda stack: make(stack, arn))

    answers = may(
        template,
        "Caller",
        (INVOKE, arn, {}),
        ("bedrock:InvokeModelWithResponseStream", arn, {}),
        (INVOKE, arn.replace("abcdefghijkl", "mnopqrstuvwx"), {}),
        (INVOKE, foundation(LITE), {}),
    )

    assert answers == [True, True, False, False]


def test_a_marketplace_endpoint_is_called_through_bedrock_only(may):
    """A direct call to the endpoint, and an endpoint that is not registered with Bedrock, are denied."""
    template = granted(lambda stack: AccountModel.marketplace_endpoint(stack, ENDPOINT))
    through = {
        "aws:CalledViaLast": "bedrock.amazonaws.com",
        "aws:ResourceTag/sagemaker-sdk:bedrock": "compatible",
    }
    call = "sagemaker:InvokeEndpoint"

    answers = may(
        template,
        "Caller",
        (INVOKE, f"{BEDROCK}marketplace/model-endpoint/all-access", {}),
        (call, ENDPOINT, through),
        (call, ENDPOINT, {}),
        (call, ENDPOINT + "2", through),
        *[(call, ENDPOINT, {key: value for key, value in through.items() if key != left_out}) for left_out in through],
    )

    assert answers == [True, True, False, False, False, False]


@pytest.mark.parametrize(
    ("region", "partition"), [("us-gov-west-1", "aws-us-gov"), ("eu-west-1", "aws"), ("cn-north-1", "aws-cn")]
)
@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (AccountModel.provisioned, "bedrock:REGION:111122223333:provisioned-model/abcdefghijkl"),
        (AccountModel.imported, "bedrock:REGION:111122223333:imported-model/abcdefghijkl"),
        (AccountModel.custom_deployment, "bedrock:REGION:111122223333:custom-model-deployment/abcdefghijkl"),
        (AccountModel.marketplace_endpoint, "sagemaker:REGION:111122223333:endpoint/mistral"),
    ],
)
def test_every_kind_is_granted_in_its_own_partition_and_in_no_other(make, kind, region, partition):
    """The grant names the ARN that was given, and what Bedrock calls behind it is of the same partition."""
    stack = testing.stack(region=region)
    caller = iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    arn = f"arn:{partition}:{kind.replace('REGION', region)}"
    make(stack, arn).grant_invoke(caller)

    text = json.dumps(testing.template(stack))

    assert arn in text
    assert set(re.findall(r"arn:(aws[a-z-]*):(?:bedrock|sagemaker)", text)) == {partition}


def test_a_guardrail_holds_for_every_kind_and_never_blocks_what_bedrock_does_behind(may):
    """The condition sits on the call to Bedrock; the call to the endpoint names no guardrail."""
    guardrail = Guardrail.from_guardrail_arn(GUARDRAIL, version="1")
    template = granted(lambda stack: AccountModel.marketplace_endpoint(stack, ENDPOINT), guardrail=guardrail)
    front = f"{BEDROCK}marketplace/model-endpoint/all-access"
    through = {
        "aws:CalledViaLast": "bedrock.amazonaws.com",
        "aws:ResourceTag/sagemaker-sdk:bedrock": "compatible",
    }

    answers = may(
        template,
        "Caller",
        (INVOKE, front, {"bedrock:GuardrailIdentifier": f"{GUARDRAIL}:1"}),
        (INVOKE, front, {}),
        ("sagemaker:InvokeEndpoint", ENDPOINT, through),
    )

    assert answers == [True, False, True]


@pytest.mark.parametrize(
    ("arn", "message"),
    [
        (f"{BEDROCK}custom-model/abc", "is no imported-model: give an ARN of the form"),
        (IMPORTED.replace("us-east-1", "us-west-2"), "is in us-west-2, the stack is in us-east-1"),
        (IMPORTED.replace("arn:aws:", "arn:aws-cn:"), "is of partition aws-cn, the stack is of aws"),
    ],
)
def test_an_arn_that_names_something_else_is_refused(arn, message):
    """Another kind, another region and another partition are found at synth."""
    with pytest.raises(ModelError, match=message):
        AccountModel.imported(testing.stack(), arn)


@pytest.mark.parametrize(
    ("model_id", "kind"),
    [
        (LITE, FoundationModel),
        (f"us.{LITE}", InferenceProfile),
        ("global.amazon.nova-2-lite-v1:0", InferenceProfile),
        (PROVISIONED, AccountModel),
        (IMPORTED, AccountModel),
        (DEPLOYED, AccountModel),
        (ENDPOINT, AccountModel),
    ],
)
def test_a_settings_file_names_any_kind_by_what_a_request_would_name(model_id, kind):
    """The kind follows from the id, and the id comes out as it went in."""
    model = model_of(testing.stack(), model_id)

    assert isinstance(model, kind)
    assert isinstance(model, IModel)
    assert model.model_id == model_id


def test_an_arn_of_no_model_is_refused():
    """A guardrail is no model."""
    with pytest.raises(ModelError, match="is no model of this account"):
        model_of(testing.stack(), GUARDRAIL)

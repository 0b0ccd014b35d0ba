"""A customized model on demand: found or deployed, asked, and only then current."""

from __future__ import annotations

import json

import pytest
from aws_cdk import aws_iam as iam
from bedrock_stand_in import CUSTOM, REGION_ARN, StandIn
from machine import Machine, StateError

from genai_layers import testing
from genai_layers.foundation import EncryptionKey, WorkloadRole
from genai_layers.foundation.nag import attach_checks, synthesize
from genai_layers.jobs.bedrock import BedrockJobError, ModelAlias, ModelDeployment, SmokeTest
from genai_layers.testing.policy import Request, evaluate

pytestmark = pytest.mark.synth

ACCOUNT = "111122223333"
DEPLOYMENT = f"{REGION_ARN}:custom-model-deployment/abcdef123456"
GUARDRAIL = f"{REGION_ARN}:guardrail/abc"


class Cloud(StandIn):
    """A cloud that deploys customized models."""

    def __init__(self, newest: str = CUSTOM) -> None:
        super().__init__()
        self.newest, self.deployed = newest, False
        self.statuses = ["Creating", "Active"]

    def getParameter(self, _):  # noqa: N802
        return {"Parameter": {"Value": self.newest}}

    def createCustomModelDeployment(self, _):  # noqa: N802
        self.deployed = True
        return {"CustomModelDeploymentArn": DEPLOYMENT}

    def getCustomModelDeployment(self, _):  # noqa: N802
        if not self.deployed:
            raise StateError("Bedrock.ResourceNotFoundException")
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        return {"CustomModelDeploymentArn": DEPLOYMENT, "Status": status, "FailureMessage": "no capacity"}


def made(stack, **props):
    """Return a job whose newest model another stack's parameter names."""
    key = EncryptionKey(stack, "Key", description="jobs", uses=ModelDeployment.REQUIRED_KEY_USES).key
    newest = ModelAlias(stack, "Newest", description="newest model")
    return ModelDeployment(stack, "Job", newest=newest, key=key, name="support", **props)


@pytest.fixture(scope="module")
def template():
    """Return the template of a job and of a chat that runs what it deploys, clean under every check."""
    app = testing.app()
    attach_checks(app)
    stack = testing.stack(app)
    job = made(stack, smoke_test=SmokeTest(body={"messages": []}, expect="Paris"))
    lambda_ = iam.ServicePrincipal("lambda.amazonaws.com")
    job.grant_invoke(WorkloadRole(stack, "Chat", assumed_by=lambda_, description="asks"), guardrail_arn=GUARDRAIL)
    synthesize(app)
    return testing.template(stack)


@pytest.fixture
def run(template):
    """Return a function that runs the job in a cloud."""
    ((_, machine),) = testing.resources(template, "AWS::StepFunctions::StateMachine").items()
    definition = testing.Resolver(template=template, values={}).resolve(machine["Properties"]["DefinitionString"])
    return lambda cloud: Machine(json.loads(definition), cloud)


def test_the_newest_model_is_deployed_asked_and_made_current(run):
    """Whoever reads the parameter finds the deployment, which is what requests name."""
    cloud = Cloud()
    job = run(cloud)

    assert job.run({}) == {"arn": DEPLOYMENT, "model": CUSTOM}
    assert cloud.alias == DEPLOYMENT
    assert [each["ModelArn"] for each in job.called("createCustomModelDeployment")] == [CUSTOM]
    assert [each["ModelId"] for each in job.called("invokeModel")] == [DEPLOYMENT]


def test_the_same_model_leads_to_the_same_deployment(run):
    """Its name is a digest of the model, so a second execution finds it and makes none."""
    cloud = Cloud()
    first, second = run(cloud), run(cloud)
    first.run({})
    second.run({}, execution="another")

    names = {each["CustomModelDeploymentIdentifier"] for each in second.called("getCustomModelDeployment")[:1]}
    assert {each["ModelDeploymentName"] for each in first.called("createCustomModelDeployment")} == names
    assert second.called("createCustomModelDeployment") == []


def test_a_model_that_is_named_goes_before_the_newest(run):
    """To go back to an earlier one."""
    job = run(Cloud())
    job.run({"model_arn": f"{CUSTOM[:-1]}0"})

    assert job.called("createCustomModelDeployment")[0]["ModelArn"] == f"{CUSTOM[:-1]}0"
    assert job.called("getParameter") == []


def test_without_a_model_there_is_nothing_to_deploy(run):
    """The parameter of a stack that has just been made."""
    with pytest.raises(StateError, match="NoModelYet"):
        run(Cloud(newest="none")).run({})


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"statuses": ["Creating", "Failed"]}, "ModelDeploymentFailed"),
        ({"statuses": ["Creating"]}, "JobTimedOut"),
        ({"answer": "Lyon."}, "SmokeTestFailed"),
    ],
)
def test_what_fails_leaves_the_alias_where_it_was(run, change, error):
    """Callers stay with the deployment that they have."""
    cloud = Cloud()
    for name, value in change.items():
        setattr(cloud, name, value)

    with pytest.raises(StateError, match=error):
        run(cloud).run({})

    assert cloud.alias == "none"


def test_a_caller_runs_what_the_job_has_deployed_and_only_with_the_guardrail(template):
    """By the tag of the job, and in no other model."""
    (policy,) = [
        each["Properties"]["PolicyDocument"]
        for each in testing.resources(template, "AWS::IAM::Policy").values()
        if any(ref["Ref"].startswith("Chat") for ref in each["Properties"]["Roles"])
    ]
    tagged = {"aws:ResourceTag/genai-layers:job": "support", "bedrock:GuardrailIdentifier": f"{GUARDRAIL}:1"}
    asked = [
        (DEPLOYMENT, tagged),
        (DEPLOYMENT, {**tagged, "aws:ResourceTag/genai-layers:job": "other"}),
        (DEPLOYMENT, {name: value for name, value in tagged.items() if "Guardrail" not in name}),
        (f"{REGION_ARN}:imported-model/abcdef123456", tagged),
    ]

    answers = evaluate(
        [
            Request(
                principal=f"arn:aws:iam::{ACCOUNT}:role/chat",
                action="bedrock:InvokeModel",
                resource=resource,
                context=context,
                identity_policies=[policy],
                resource_account=ACCOUNT,
            )
            for resource, context in asked
        ]
    )

    assert [each.allowed for each in answers] == [True, False, False, False]


def test_what_the_service_would_refuse_is_told_at_once():
    """Name, question and patience."""
    stack = testing.stack()
    key = EncryptionKey(stack, "Key", description="jobs", uses=ModelDeployment.REQUIRED_KEY_USES).key
    newest = ModelAlias(stack, "Newest", description="newest model")

    with pytest.raises(BedrockJobError) as raised:
        ModelDeployment(stack, "Job", newest=newest, key=key, name="A b", smoke_test=SmokeTest(body={}))

    assert "name is 'A b'" in str(raised.value)
    assert "smoke_test.body is empty" in str(raised.value)

"""Who may do what: the machines, the roles that Bedrock takes on, and people."""

from __future__ import annotations

import pytest
from conftest import GRADER, GUARDRAIL

from genai_layers import testing
from genai_layers.testing.policy import Request, evaluate

pytestmark = pytest.mark.synth

OURS = "arn:aws:bedrock:us-east-1:111122223333"
NOVA = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"
OTHER_ROLE = "arn:aws:iam::111122223333:role/admin"
KINDS = {
    "Import": "model-import-job",
    "Tuning": "model-customization-job",
    "Distilling": "model-customization-job",
    "Judged": "evaluation-job",
    "Answers": "evaluation-job",
    "Batch": "model-invocation-job",
}


@pytest.fixture(scope="module")
def resolver(template):
    """Values for what the template refers to."""
    return testing.Resolver(template=template)


@pytest.fixture(scope="module")
def role_of(template):
    """A function that finds a role by the beginning of its logical id."""

    def found(start):
        (name,) = [name for name in testing.resources(template, "AWS::IAM::Role") if name[: -len("12345678")] == start]
        return name

    return found


@pytest.fixture(scope="module")
def data(template, resolver):
    """ARN of the bucket that all jobs read and write."""
    (name,) = [name for name in testing.resources(template, "AWS::S3::Bucket") if name.startswith("Data")]
    return resolver.arn(name)


@pytest.fixture(scope="module")
def ask(template, resolver, role_of):
    """A function that asks whether a role may make each of some calls."""

    def asked(role, *calls):
        name = role_of(role)
        policies = testing.policies_of(template, name, resolver)
        return [
            decision.allowed
            for decision in evaluate(
                [
                    Request(
                        principal=resolver.arn(name),
                        action=action,
                        resource=resource,
                        context=context,
                        identity_policies=policies,
                        resource_account="111122223333",
                    )
                    for action, resource, context in calls
                ]
            )
        ]

    return asked


@pytest.mark.parametrize(("job", "kind"), KINDS.items())
def test_bedrock_takes_on_a_role_for_our_jobs_of_that_kind_only(template, resolver, role_of, job, kind):
    """Neither another account nor another kind of job can have Bedrock use it: no confused deputy."""
    name = role_of(f"{job}Role")
    trust = testing.trust_of(template, name, resolver)

    def assume(account, source):
        return Request(
            principal="bedrock.amazonaws.com",
            action="sts:AssumeRole",
            resource=resolver.arn(name),
            context={"aws:SourceAccount": account, "aws:SourceArn": source},
            resource_policy=trust,
        )

    ours, theirs = f"{OURS}:{kind}/abcdef123456", f"arn:aws:bedrock:us-east-1:999999999999:{kind}/abcdef123456"
    decisions = evaluate(
        [
            assume("111122223333", ours),
            assume("999999999999", theirs),
            assume("111122223333", theirs),
            assume("111122223333", f"{OURS}:agent/abcdef123456"),
        ]
    )

    assert [decision.allowed for decision in decisions] == [True, False, False, False]


@pytest.mark.parametrize("job", KINDS)
def test_a_machine_hands_its_own_role_to_bedrock_only(ask, resolver, role_of, job):
    """PassRole is for one role and one service."""
    own = resolver.arn(role_of(f"{job}Role"))

    assert ask(
        f"{job}RunRole",
        ("iam:PassRole", own, {"iam:PassedToService": "bedrock.amazonaws.com"}),
        ("iam:PassRole", own, {"iam:PassedToService": "lambda.amazonaws.com"}),
        ("iam:PassRole", OTHER_ROLE, {"iam:PassedToService": "bedrock.amazonaws.com"}),
    ) == [True, False, False]


def test_the_import_reads_the_weights_and_nothing_else(ask, data):
    """Only the folder, only while the bucket is ours, and never to write."""
    ours, theirs = {"aws:ResourceAccount": "111122223333"}, {"aws:ResourceAccount": "999999999999"}

    assert ask(
        "ImportRole",
        ("s3:GetObject", f"{data}/models/llama/config.json", ours),
        ("s3:GetObject", f"{data}/models/llama/config.json", theirs),
        ("s3:GetObject", f"{data}/training/secret.jsonl", ours),
        ("s3:PutObject", f"{data}/models/llama/config.json", ours),
        ("s3:ListBucket", data, {**ours, "s3:prefix": "models/llama/"}),
        ("s3:ListBucket", data, {**ours, "s3:prefix": "training/"}),
    ) == [True, False, False, False, True, False]


def test_a_customization_writes_where_it_should_and_deletes_nothing(ask, data):
    """Training data is read, results are written, and neither the other way round."""
    assert ask(
        "TuningRole",
        ("s3:GetObject", f"{data}/training/2026-11.jsonl", {}),
        ("s3:GetObject", f"{data}/validation/2026-11.jsonl", {}),
        ("s3:PutObject", f"{data}/models-made/one/metrics.csv", {}),
        ("s3:PutObject", f"{data}/training/2026-11.jsonl", {}),
        ("s3:DeleteObject", f"{data}/models-made/one/metrics.csv", {}),
    ) == [True, True, True, False, False]


def test_each_way_to_customize_brings_its_own_permissions(ask):
    """The teacher for the one, the grader for the other, and neither for the rest."""
    invoke = ("lambda:InvokeFunction", GRADER, {})

    assert ask("ReinforcingRole", invoke) == [True]
    assert ask("TuningRole", invoke, ("bedrock:InvokeModel", NOVA, {})) == [False, False]


def test_network_interfaces_carry_the_mark_of_the_job(ask):
    """The role makes interfaces for its own kind of job, and no others."""
    interface = "arn:aws:ec2:us-east-1:111122223333:network-interface/eni-1"
    managed = {"aws:RequestTag/BedrockManaged": "true"}

    assert ask(
        "ImportRole",
        (
            "ec2:CreateNetworkInterface",
            interface,
            {**managed, "aws:RequestTag/BedrockModelImportJobArn": f"{OURS}:model-import-job/abcdef123456"},
        ),
        (
            "ec2:CreateNetworkInterface",
            interface,
            {**managed, "aws:RequestTag/BedrockModelCustomizationJobArn": f"{OURS}:model-customization-job/a/b"},
        ),
    ) == [True, False]


def test_an_evaluation_runs_what_it_evaluates_and_nothing_else(ask):
    """The model and the judge are granted one by one."""
    other = NOVA.replace("nova-lite", "nova-premier")

    assert ask("JudgedRole", ("bedrock:InvokeModel", NOVA, {}), ("bedrock:InvokeModel", other, {})) == [True, False]
    assert ask("GivenRole", ("bedrock:InvokeModel", NOVA, {})) == [False]


def test_the_gate_reads_results_only(ask, data):
    """The one function of the jobs sees the marks, not the data, and calls nothing."""
    assert ask(
        "JudgedGateRole",
        ("s3:GetObject", f"{data}/marks/one/x_output.jsonl", {}),
        ("s3:GetObject", f"{data}/training/2026-11.jsonl", {}),
        ("s3:PutObject", f"{data}/marks/one/x_output.jsonl", {}),
        ("bedrock:InvokeModel", NOVA, {}),
    ) == [True, False, False, False]


def test_the_import_tags_what_it_makes_with_its_own_tag_only(ask):
    """The tag is what lets callers run a model, so no other value may be put there."""
    model = f"{OURS}:imported-model/abcdef123456"

    def tag(key, value):
        return ("bedrock:TagResource", model, {f"aws:RequestTag/{key}": value, "aws:TagKeys": [key]})

    assert ask(
        "ImportRunRole", tag("genai-layers:job", "support"), tag("genai-layers:job", "other"), tag("a", "b")
    ) == [
        True,
        False,
        False,
    ]


def test_a_caller_runs_the_models_of_this_import_behind_the_guardrail(ask):
    """Whichever model is current, by its tag; without the guardrail, or from another import, it is denied."""
    model = f"{OURS}:imported-model/abcdef123456"
    tagged, guarded = {"aws:ResourceTag/genai-layers:job": "support"}, {"bedrock:GuardrailIdentifier": f"{GUARDRAIL}:3"}

    assert ask(
        "Chat",
        ("bedrock:InvokeModel", model, {**tagged, **guarded}),
        ("bedrock:InvokeModel", model, tagged),
        ("bedrock:InvokeModel", model, {"aws:ResourceTag/genai-layers:job": "other", **guarded}),
        ("bedrock:InvokeModel", model, {**tagged, "bedrock:GuardrailIdentifier": GUARDRAIL}),
    ) == [True, False, False, False]


def test_only_the_machine_moves_the_alias(ask, template, resolver):
    """Callers read it."""
    (name,) = [name for name in testing.resources(template, "AWS::SSM::Parameter") if name.startswith("Import")]
    alias = f"arn:aws:ssm:us-east-1:111122223333:parameter/{resolver.resolve({'Ref': name})}"

    assert ask("ImportRunRole", ("ssm:PutParameter", alias, {})) == [True]
    assert ask("Chat", ("ssm:GetParameter", alias, {}), ("ssm:PutParameter", alias, {})) == [True, False]


def test_the_alias_is_written_by_the_stack_only_once(template):
    """Its value in the template never changes, so no deploy moves it."""
    values = {each["Properties"]["Value"] for each in testing.resources(template, "AWS::SSM::Parameter").values()}

    assert values == {"none"}


def test_agreements_go_through_bedrock(ask):
    """The marketplace is asked by Bedrock on behalf of the machine, never by the machine itself."""
    subscribe = "aws-marketplace:Subscribe"

    assert ask(
        "AccessRunRole",
        (subscribe, "*", {"aws:CalledViaLast": "bedrock.amazonaws.com"}),
        (subscribe, "*", {}),
        ("bedrock:CreateFoundationModelAgreement", "*", {}),
        ("bedrock:DeleteFoundationModelAgreement", "*", {}),
    ) == [True, False, True, False]

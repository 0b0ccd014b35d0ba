"""What is refused, with the words that fix it, and every fault at once."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from asl import definition
from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from tuning_estate import TRAINER, Estate

from genai_layers import testing
from genai_layers.catalog.accelerators import Vendor
from genai_layers.foundation import EncryptionKey, SecureBucket
from genai_layers.jobs.fine_tuning import (
    BaseModel,
    DataFormat,
    DataRules,
    Evaluator,
    FineTuningError,
    JobContainer,
    JobImage,
    LicenceAcceptance,
    Machines,
    MlflowTracking,
    ModelCardFacts,
    Risk,
    Serving,
    Standard,
    Start,
    TrainingDataBucket,
    TrainingDataError,
    TuningMethod,
)
from genai_layers.runtime.data_gate.personal import KINDS
from genai_layers.runtime.data_gate.rules import FORMATS, Rules

pytestmark = pytest.mark.synth

HOUR = Duration.hours(1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"machines": Machines.on_demand("ml.inf2.xlarge", max_runtime=HOUR)}, "is not run for training"),
        ({"machines": Machines.on_demand("g6e.xlarge", max_runtime=HOUR)}, "choose ml.g6e.xlarge"),
        ({"machines": Machines.on_demand("ml.p3.2xlarge", max_runtime=HOUR)}, "'ml.p3.2xlarge'"),
        ({"machines": Machines.on_demand("ml.trn1.32xlarge", max_runtime=HOUR)}, "image is built for nvidia"),
        ({"machines": Machines.on_demand("ml.m7i.2xlarge", max_runtime=HOUR)}, "carries no accelerator"),
        ({"machines": Machines.cluster("ml.g6.xlarge", 4, max_runtime=HOUR)}, "has no EFA for 4 machines"),
        ({"machines": Machines.cluster("ml.p5.48xlarge", 0, max_runtime=HOUR)}, "count is 0"),
        ({"machines": Machines.on_demand("ml.g6e.xlarge", max_runtime=Duration.days(40))}, "57600 minutes: choose 1"),
        ({"machines": Machines.spot("ml.g6e.xlarge", max_runtime=HOUR, max_wait=Duration.seconds(61))}, "max_wait is"),
        ({"machines": Machines.on_demand("ml.g6e.xlarge", max_runtime=HOUR, volume_gib=0)}, "volume_gib is 0"),
        ({"trainer": JobContainer(image=JobImage.hugging_face("latest"))}, "'latest' moves with every push"),
        ({"trainer": JobContainer(image=JobImage.hugging_face(), code="/nowhere")}, "holds no __main__.py"),
        ({"trainer": JobContainer(image=JobImage.hugging_face(), settings={"epochs": "9"})}, "settings name epochs"),
        ({"method": TuningMethod.lora(rank=0, dropout=1.0)}, "rank is 0: choose 1 to 512; dropout is 1.0"),
        ({"method": TuningMethod.full(epochs=0, learning_rate=2)}, "epochs is 0"),
        ({"data_rules": DataRules(max_duplicate_share=2)}, "max_duplicate_share is 2: choose 0 to 1"),
        ({"data_rules": DataRules(allowed_personal={"emails": "x"})}, "names 'emails': choose from card, email"),
        ({"data_rules": DataRules(allowed_personal={"email": "ok"})}, "has the reason 'ok'"),
        ({"data_rules": DataRules(allowed_personal={"email": f"ok{' ' * 20}"})}, "say in at least 20 characters"),
        ({"data_rules": DataRules(forbidden_patterns=["("])}, "is no regular expression"),
        ({"starts": [Start.on_schedule(cdk.aws_events.Schedule.rate(HOUR), data_set="/a")]}, "data_set '/a'"),
    ],
)
def test_a_pipeline_that_cannot_work_is_refused(changes: dict[str, Any], message: str) -> None:
    """Before anything is made."""
    with pytest.raises(FineTuningError) as error:
        Estate(**changes)

    assert message in str(error.value)


def evaluator(*standards: Standard) -> Evaluator:
    """An evaluator with some standards."""
    return Evaluator.processing(JobContainer(image=JobImage.hugging_face()), "ml.g6e.xlarge", standards=standards)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"evaluator": evaluator()}, "has no standards"),
        ({"evaluator": evaluator(Standard(metric="m", tolerance=None))}, "demands nothing"),
        ({"evaluator": evaluator(Standard(metric="m", least=float("nan")))}, "no finite number"),
        (
            {"evaluator": Evaluator.processing(TRAINER, "ml.trn1.32xlarge", standards=[Standard(metric="m")])},
            "is not run for processing",
        ),
        ({"card": ModelCardFacts(creator="", purpose="p", uses="u", limits="x" * 500, risk=Risk.LOW, risk_reason="r")},
         "card creator is empty: an auditor reads it; card limits has 500 characters"),
    ],
)  # fmt: skip
def test_an_evaluation_that_proves_nothing_is_refused(changes: dict[str, Any], message: str) -> None:
    """A standard must demand something, and a card must say something."""
    with pytest.raises(FineTuningError) as error:
        Estate(**changes)

    assert message in str(error.value)


def test_a_gated_model_needs_a_licence_and_a_training_job_to_measure_it() -> None:
    """Processing jobs are not handed gated models."""
    base = BaseModel.jumpstart("m", "1.0.0", artifact="/a", licence=LicenceAcceptance(by="", on="yesterday"))

    with pytest.raises(FineTuningError) as error:
        Estate(base_model=base)

    assert [fault.split(":")[0].split(",")[0] for fault in error.value.faults] == [
        "base_model prefix is '/a'",
        "base_model licence must say by whom and on which ISO date it was accepted",
        "base_model is a gated JumpStart model",
    ]


def test_neuron_needs_to_know_how_many_cores_share_a_model() -> None:
    """Nothing is guessed."""
    trainer = JobContainer(image=JobImage.neuron())

    with pytest.raises(FineTuningError, match="method has no tensor_parallel"):
        Estate(machines=Machines.on_demand("ml.trn1.32xlarge", max_runtime=HOUR), trainer=trainer)


def test_a_base_model_is_pinned_by_a_digest_or_not_at_all() -> None:
    """A short one would never be met."""
    assert BaseModel(identity=" ", prefix="a", sha256="abc").faults == (
        "base_model has no identity: name the model and its revision",
        "base_model sha256 is 'abc': 64 small hex digits are needed",
    )


def test_images_of_aws_need_a_region() -> None:
    """They lie in another account in each one; an image of yours does not ask."""
    stack = cdk.Stack(testing.app(), "Anywhere")

    for made in (lambda: JobImage.cpu().bind(stack), lambda: Serving().specification(stack, "$.a")):
        with pytest.raises(FineTuningError, match="the stack has no region"):
            made()
    repository = ecr.Repository.from_repository_name(stack, "Repository", "trainer")
    assert JobImage.private(repository, "1.4.2", vendor=Vendor.NVIDIA).bind(stack).uri.endswith(":1.4.2")
    assert Serving(image="x:1").specification(stack, "$.a")["Containers"][0]["Image"] == "x:1"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"approvers": "feed"}, "is in ingest and in approvers: who offers data must not approve it"),
        ({"ingest": None}, "ingest is empty"),
        ({"removal_policy": RemovalPolicy.DESTROY}, "a locked bucket cannot be emptied: give unlocked_reason as well"),
        ({"lock": Duration.days(9), "unlocked_reason": "thrown away after the test"}, "give one of them"),
        ({"lock": Duration.days(40_000)}, "choose 1 to 36500"),
    ],
)
def test_training_data_that_is_not_safe_is_refused(changes: dict[str, Any], message: str) -> None:
    """Roles apart, and a lock that can hold."""
    estate = Estate()
    roles: dict[str, list[iam.IRole]] = {"feed": [estate.ingest], "reviewer": [estate.approver]}
    chosen = {"ingest": "feed", "approvers": "reviewer", **changes}
    arguments = {name: roles.get(value, []) if name in ("ingest", "approvers") else value
                 for name, value in chosen.items()}  # fmt: skip

    with pytest.raises(TrainingDataError) as error:
        TrainingDataBucket(estate.stack, "More", key=estate.key, access_logs=None, **arguments)

    assert message in str(error.value)


def test_a_gate_of_another_stack_is_refused() -> None:
    """The policy of the bucket names it, so the stacks would depend on each other."""
    app = testing.app()
    first, second = Estate(testing.stack(app, "First")), testing.stack(app, "Second")
    gate = iam.Role(second, "Gate", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))

    with pytest.raises(TrainingDataError, match="put both into one stack"):
        first.data.admit(gate)


def test_training_data_is_locked_and_versioned(template: dict[str, Any]) -> None:
    """A year by default, and each version for itself."""
    (store,) = [
        each["Properties"]
        for name, each in testing.resources(template, "AWS::S3::Bucket").items()
        if name.startswith("DataStore")
    ]

    assert store["VersioningConfiguration"] == {"Status": "Enabled"}
    assert store["ObjectLockConfiguration"]["Rule"]["DefaultRetention"] == {"Mode": "GOVERNANCE", "Days": 365}


def test_writes_by_others_are_counted_in_the_trail() -> None:
    """The filter names the bucket and every role that is meant to write."""
    estate = Estate()
    metric = estate.data.watch(logs.LogGroup.from_log_group_name(estate.stack, "Trail", "trail"))
    template = testing.template(estate.stack)
    (found,) = testing.resources(template, "AWS::Logs::MetricFilter").values()
    pattern = testing.Resolver(template=template).resolve(found["Properties"]["FilterPattern"])

    assert metric.metric_name == found["Properties"]["MetricTransformations"][0]["MetricName"]
    assert pattern.count("sessionIssuer.arn !=") == 3
    assert '($.eventName = "PutObject")' in pattern
    assert "requestParameters.bucketName" in pattern


def test_the_rules_reach_the_gate_as_they_were_meant() -> None:
    """What the construct writes is what the gate reads."""
    rules = DataRules(
        format=DataFormat.MESSAGES,
        min_train_records=5,
        allowed_personal={"email": "drafts letters; consent is on file"},
        forbidden_patterns=["(?i)secret"],
    )

    read = Rules.parse(rules.told()["RULES"])

    assert (read.format, read.min_train_records, read.allowed_personal) == ("messages", 5, frozenset({"email"}))
    assert read.forbidden_patterns[0].search("SECRET")
    assert {str(each) for each in DataFormat} == set(FORMATS)
    assert "email" in KINDS


def test_personal_data_that_is_allowed_stands_in_the_template_with_its_reason() -> None:
    """An auditor finds it beside the function that lets it pass."""
    reason = "drafts letters; consent is on file"
    template = testing.template(Estate(data_rules=DataRules(allowed_personal={"email": reason})).stack)

    noted = [each.get("Metadata", {}).get("AllowedPersonalData") for each in template["Resources"].values()]
    assert {"email": reason} in noted


def test_runs_can_report_to_mlflow() -> None:
    """SageMaker carries the metrics, so the container needs no network."""
    stack = testing.stack()
    key = EncryptionKey(stack, "MlflowKey", description="metrics of runs").key
    bucket = SecureBucket(stack, "Artifacts", key=key, access_logs=None).bucket
    tracking = MlflowTracking(stack, "Mlflow", bucket=bucket)
    Estate(stack, tracking=tracking)
    train = definition(testing.template(stack), "TuningTune")["States"]["Train"]

    assert train["Parameters"]["MlflowConfig"]["MlflowRunName.$"] == "$.run"
    assert train["Parameters"]["EnableNetworkIsolation"] is True

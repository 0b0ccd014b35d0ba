"""Transfer learning as a pipeline: data gate, training, evaluation, registry, approval, hand-off."""

from collections.abc import Sequence

from aws_cdk import Duration, Names, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sagemaker as sagemaker
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from genai_layers.foundation import KeyUse, RetainedLogGroup, SecureBucket
from genai_layers.jobs.fine_tuning import grants
from genai_layers.jobs.fine_tuning.base_model import BaseModel
from genai_layers.jobs.fine_tuning.calls import evaluation, mark_of, training
from genai_layers.jobs.fine_tuning.container import JobContainer
from genai_layers.jobs.fine_tuning.data_rules import DataRules
from genai_layers.jobs.fine_tuning.deployment import deployment
from genai_layers.jobs.fine_tuning.evaluation import Evaluator
from genai_layers.jobs.fine_tuning.gates import Gates
from genai_layers.jobs.fine_tuning.hand_off import HandOff
from genai_layers.jobs.fine_tuning.machines import Machines
from genai_layers.jobs.fine_tuning.method import TuningMethod
from genai_layers.jobs.fine_tuning.model_card import ModelCardFacts
from genai_layers.jobs.fine_tuning.permissions import allow_jobs
from genai_layers.jobs.fine_tuning.pipeline_faults import check
from genai_layers.jobs.fine_tuning.promotable import IPromotable
from genai_layers.jobs.fine_tuning.registration import registration
from genai_layers.jobs.fine_tuning.serving import Serving
from genai_layers.jobs.fine_tuning.starts import Start, start_all
from genai_layers.jobs.fine_tuning.steps import Parts, steps
from genai_layers.jobs.fine_tuning.tracking import MlflowTracking
from genai_layers.jobs.fine_tuning.training_data import TrainingDataBucket
from genai_layers.jobs.fine_tuning.workplace import Workplace
from genai_layers.jobs.workflow import Workflow


class FineTuningPipeline(Construct):
    """
    Tunes a pre-trained model with data that was approved, and registers it if it is not worse.

    A run checks data and base model and copies what passed, trains, measures both models on the held-out records, and
    registers the tuned one for a person to approve; then it is the current one of `hand_off`, until an alarm takes it
    back. A run starts on an approval, at set times or by hand, and never because a template changed. Jobs have no
    network, encrypted disks, output and traffic, and a role that cannot change the data. Each writes to a new folder.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new registry group and output bucket.
        key: Key for data, disks and models; it needs the uses in `REQUIRED_KEY_USES`.
        log_key: Key for logs and executions; it needs the uses in `REQUIRED_LOG_KEY_USES`.
        base_model: What it starts from.
        training_data: Where data comes from, of the same stack.
        vpc: Network of the jobs, with a gateway endpoint for S3.
        trainer: What trains.
        machines: What it trains on.
        evaluator: What measures, and the standards.
        card: What people say about the model.
        access_logs: Bucket for the access logs of the output bucket.
        subnets: Subnets of the jobs. Default: isolated ones.
        method: How it is tuned. Default: LoRA, which needs little memory and spoils little.
        data_rules: What data must be like. Default: prompts with completions, no personal data.
        serving: What the model is meant to be served by. Default: vLLM.
        starts: What starts a run, besides a hand. Default: the approval of a data set.
        alarms: Alarms on the deployed model that take it back, besides those of `deploy_to`. Default: none.
        deploy_to: Where approved models are put step by step, as `endpoint.promotable`. Default: others deploy them.
        tracking: MLflow that runs report to. Default: none.
        log_retention: How long logs are kept.
        removal_policy: What happens to bucket and logs when the stack goes. Default: they are kept.

    Attributes:
        outputs: Bucket of the runs.
        training_role: Role of training jobs.
        evaluation_role: Role of evaluation jobs.
        group: Model package group.
        hand_off: Which model is current.

    Raises:
        FineTuningError: Parts do not fit together; every fault at once.

    Example:
        FineTuningPipeline(self, "Tuning", key=key.key, log_key=log_key.key, base_model=base, training_data=data,
                           vpc=network.vpc, trainer=JobContainer(image=JobImage.hugging_face(), code="trainer"),
                           machines=Machines.spot("ml.g6e.xlarge", max_runtime=Duration.hours(6)),
                           evaluator=evaluator, card=card, access_logs=logs.bucket)
    """

    REQUIRED_KEY_USES = (KeyUse.SAGEMAKER_TRAINING,)
    REQUIRED_LOG_KEY_USES = (KeyUse.LAMBDA, KeyUse.LOGS, *Workflow.REQUIRED_KEY_USES)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        log_key: kms.IKey,
        base_model: BaseModel,
        training_data: TrainingDataBucket,
        vpc: ec2.IVpc,
        trainer: JobContainer,
        machines: Machines,
        evaluator: Evaluator,
        card: ModelCardFacts,
        access_logs: s3.IBucket | None,
        subnets: ec2.SubnetSelection | None = None,
        method: TuningMethod | None = None,
        data_rules: DataRules | None = None,
        serving: Serving | None = None,
        starts: Sequence[Start] = (Start.on_approval(),),
        alarms: Sequence[cloudwatch.IAlarm] = (),
        deploy_to: IPromotable | None = None,
        tracking: MlflowTracking | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        method, rules = method or TuningMethod.lora(), data_rules or DataRules()
        check(base_model, trainer, machines, evaluator, card, method, rules, starts)
        served_by = serving or Serving()
        stack = Stack.of(self)
        # In small letters, as SageMaker writes names into ARNs, which IAM compares letter by letter.
        group_name = Names.unique_resource_name(self, max_length=60, separator="-").lower()
        mark = mark_of(group_name)
        self.outputs = SecureBucket(
            self, "Runs", key=key, access_logs=access_logs, removal_policy=removal_policy
        ).bucket
        # The API demands a name for a group; a generated one lets pipelines stand side by side.
        self.group = sagemaker.CfnModelPackageGroup(
            self,
            "Group",
            model_package_group_name=group_name,
            model_package_group_description=card.purpose,
        )
        log_group = RetainedLogGroup(
            self, "Logs", key=log_key, retention=log_retention, removal_policy=removal_policy
        ).log_group
        gates = Gates(
            self,
            "Gates",
            training_data=training_data,
            outputs=self.outputs,
            base_model=base_model,
            rules=rules,
            evaluator=evaluator,
            card=card,
            log_key=log_key,
            log_retention=log_retention,
            removal_policy=removal_policy,
        )
        place = Workplace(
            self,
            "Jobs",
            vpc=vpc,
            subnets=subnets,
            outputs=self.outputs,
            training_data=training_data,
            base_model=base_model,
            key=key,
            trainer=trainer,
            evaluator=evaluator,
            is_cluster=machines.count > 1,
            mark=mark,
        )
        self.training_role, self.evaluation_role = place.training_role, place.evaluation_role
        call = training(place.training, machines, base_model, stack, {**trainer.settings, **method.hyperparameters})
        if tracking is not None:
            tracking.grant_report(self.training_role)
            call |= tracking.config(group_name, "$.run")
        parts = Parts(
            data_gate=gates.data,
            model_gate=gates.model,
            training=call,
            evaluation=evaluation(place.evaluation, evaluator, base_model, stack),
            evaluation_kind=evaluator.kind,
            registration=registration(group_name, served_by, stack),
            output_bucket=self.outputs.bucket_name,
            base_identity=base_model.identity,
            method=method.name,
        )
        self._tune = Workflow(
            self,
            "Tune",
            definition=steps(Construct(self, "Steps"), parts),
            description="tunes a model with approved data",
            key=log_key,
            log_group=log_group,
            timeout=Duration.days(60),
        )
        allow_jobs(
            self._tune.role,
            functions=[gates.data, gates.model],
            job_roles=[self.training_role, self.evaluation_role],
            group_name=group_name,
            mark=mark,
        )
        self._tune.state_machine.node.add_dependency(self.training_role, self.evaluation_role)
        start_all(self, starts, data=training_data, tune=self.state_machine, key=log_key, log_group=log_group)
        self.hand_off = HandOff(
            self,
            "HandOff",
            group_name=group_name,
            key=log_key,
            log_group=log_group,
            alarms=[*alarms, *(deploy_to.rollback_alarms if deploy_to else ())],
            deployment=deployment(self, deploy_to, mark, self.outputs, served_by) if deploy_to else None,
        )

    @property
    def state_machine(self) -> sfn.StateMachine:
        """State machine that tunes; its input is `{"manifest": "incoming/<data set>/approved.json"}`."""
        return self._tune.state_machine

    def grant_start(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* start a run with an approved data set, watch it and read what came of it.

        Args:
            grantee: Who may.
        """
        return self._tune.grant_start(grantee)

    def grant_approve(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* look at the models of the group and approve or reject them.

        Args:
            grantee: Who may.
        """
        return grants.grant_approve(self, self.group.model_package_group_name, grantee)

    def metric_started(self) -> cloudwatch.Metric:
        """Return how many runs began."""
        return self.state_machine.metric_started()

    def metric_failed(self) -> cloudwatch.Metric:
        """Return how many runs failed, refusals included."""
        return self.state_machine.metric_failed()

    def metric_timed_out(self) -> cloudwatch.Metric:
        """Return how many runs ran out of time."""
        return self.state_machine.metric_timed_out()

"""Where jobs run: roles, network, code."""

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from genai_layers.foundation.nag import acknowledge
from genai_layers.jobs.fine_tuning.access import read_folder, write_folder
from genai_layers.jobs.fine_tuning.base_model import BaseModel
from genai_layers.jobs.fine_tuning.calls import PROCESSING_PLACES, RUNS, TRAINING_PLACES, JobPlace
from genai_layers.jobs.fine_tuning.container import JobContainer
from genai_layers.jobs.fine_tuning.evaluation import Evaluator, JobKind
from genai_layers.jobs.fine_tuning.job_role import JobRole
from genai_layers.jobs.fine_tuning.training_data import TrainingDataBucket

_TRAINING_LOGS, _PROCESSING_LOGS = "/aws/sagemaker/TrainingJobs", "/aws/sagemaker/ProcessingJobs"


class Workplace(Construct):
    """
    A role and a place for the training, a role and a place for the evaluation, and one network for both.

    The training reads what passed the gate and its base model, and writes models and checkpoints. The evaluation also
    reads the tuned model, and writes evaluations. Neither can change data or a judgement.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes new roles.
        vpc: Network of the jobs.
        subnets: Subnets of the jobs. Default: isolated ones.
        outputs: Bucket of the runs.
        training_data: What is read.
        base_model: What is read.
        key: Key of disks and output.
        trainer: What trains.
        evaluator: What measures.
        is_cluster: Whether several machines train together.
        mark: What tells its jobs from those of another pipeline.

    Attributes:
        training_role: Role of training jobs.
        evaluation_role: Role of evaluation jobs.
        training: Place of the training.
        evaluation: Place of the evaluation.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection | None,
        outputs: s3.IBucket,
        training_data: TrainingDataBucket,
        base_model: BaseModel,
        key: kms.IKey,
        trainer: JobContainer,
        evaluator: Evaluator,
        is_cluster: bool,
        mark: str,
    ) -> None:
        super().__init__(scope, id)
        isolated = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
        self._subnets = vpc.select_subnets(
            one_per_az=(subnets or isolated).one_per_az,
            subnet_filters=(subnets or isolated).subnet_filters,
            subnet_group_name=(subnets or isolated).subnet_group_name,
            subnet_type=(subnets or isolated).subnet_type,
            subnets=(subnets or isolated).subnets,
        ).subnet_ids
        self._group = security_group(self, vpc, is_cluster=is_cluster)
        self._outputs, self._key, self._mark = outputs, key, mark
        self._approved = f"s3://{training_data.bucket.bucket_name}/{training_data.APPROVED}"
        is_processing = evaluator.kind is JobKind.PROCESSING

        train = Construct(self, "Training")
        self.training_role = self._role(train, trainer, "trains models", _TRAINING_LOGS)
        write_folder(self.training_role, outputs, f"{RUNS}*/model/")
        write_folder(self.training_role, outputs, f"{RUNS}*/checkpoints/")
        read_folder(self.training_role, outputs, f"{RUNS}*/checkpoints/")
        measure = Construct(self, "Evaluation")
        log_group = _PROCESSING_LOGS if is_processing else _TRAINING_LOGS
        self.evaluation_role = self._role(measure, evaluator.container, "measures models", log_group)
        read_folder(self.evaluation_role, outputs, f"{RUNS}*/model/")
        write_folder(self.evaluation_role, outputs, f"{RUNS}*/evaluation/")
        for role in (self.training_role, self.evaluation_role):
            training_data.grant_train(role)
            base_model.grant_read(role)

        places = PROCESSING_PLACES if is_processing else TRAINING_PLACES
        self.training = self._place(train, trainer, self.training_role, TRAINING_PLACES["INPUT_DIR"])
        self.evaluation = self._place(measure, evaluator.container, self.evaluation_role, places["INPUT_DIR"])

    def _role(self, scope: Construct, container: JobContainer, description: str, log_group: str) -> JobRole:
        return JobRole(
            scope,
            "Role",
            description=description,
            image=container.image.bind(Stack.of(self)),
            key=self._key,
            log_group=log_group,
        )

    def _place(self, scope: Construct, container: JobContainer, role: JobRole, input_dir: str) -> JobPlace:
        return JobPlace(
            role_arn=role.role_arn,
            image_uri=container.image.bind(Stack.of(self)).uri,
            code=container.bind(scope, role, input_dir),
            subnets=self._subnets,
            security_group=self._group.security_group_id,
            outputs=self._outputs,
            approved=self._approved,
            key=self._key,
            mark=self._mark,
        )


def security_group(
    scope: Construct, vpc: ec2.IVpc, *, is_cluster: bool, description: str = "training and evaluation jobs"
) -> ec2.SecurityGroup:
    """
    Make the security group of machines that train: TLS to S3, and among themselves where they train together.

    Args:
        scope: Where it belongs.
        vpc: Network of the machines.
        is_cluster: Whether several train together.
        description: What it is for.
    """
    group = ec2.SecurityGroup(scope, "SecurityGroup", vpc=vpc, allow_all_outbound=False, description=description)
    group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.HTTPS, "TLS to S3, by which SageMaker carries data")
    if is_cluster:
        # EC2 user guide, "Get started with EFA": all traffic to and from the group itself.
        group.add_ingress_rule(group, ec2.Port.all_traffic(), "between the machines of one job")
        group.add_egress_rule(group, ec2.Port.all_traffic(), "between the machines of one job")
        acknowledge(
            group,
            "EC2RestrictedCommonPorts",
            reason="The rule is about the group itself: only machines of the same job reach one another, and EFA needs "
            "every port between them.",
        )
    return group

"""
The steps of an import.

    Defaults -> Begin -> What is asked -> Read manifest ... Check files -> Where it stands
                              |                                               | before the job       | after it
                              | a model                                       v                      v
                              |                                    Name -> Find model -> Start ... Imported
                              v                                               | found                |
                        Given model -----------------------------------> Smoke test <----------------+
                                                                              |
                                                              Answered -> Make current -> Current
"""

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from genai_layers.jobs.bedrock.alias import ModelAlias
from genai_layers.jobs.bedrock.awaited_job import JOB, awaited_job, begin, succeeded
from genai_layers.jobs.bedrock.folder import Folder
from genai_layers.jobs.bedrock.job_kind import JobKind, own
from genai_layers.jobs.bedrock.patience import Patience
from genai_layers.jobs.bedrock.run import digest, named
from genai_layers.jobs.bedrock.sdk_call import sdk_call
from genai_layers.jobs.bedrock.service_role import JobRole, tagging, tags
from genai_layers.jobs.bedrock.smoke_test import SmokeTest
from genai_layers.jobs.bedrock.weights_check import weights_check

INCOMPLETE = "InputIncomplete"
"""Error of an execution that was not told what to import."""

_MODEL_ARN = "$.model.arn"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """
    What the steps need to know.

    Attributes:
        weights: Folder that holds the folders of models.
        prefix: Beginning of names.
        role: Role that Bedrock reads the weights with.
        key: Key for the imported model.
        network: Subnets and security groups, as Bedrock wants them; None for its own.
        smoke_test: What the new model is asked.
        alias: Names the model that is current.
        patience: How often to look at the job, and for how long.
    """

    weights: Folder
    prefix: str
    role: JobRole
    key: kms.IKey
    network: Mapping[str, object] | None
    smoke_test: SmokeTest
    alias: ModelAlias
    patience: Patience


def import_steps(scope: Construct, request: ImportRequest) -> sfn.IChainable:
    """
    Return the definition.

    Args:
        scope: The construct that the steps belong to.
        request: What they need to know.
    """
    promote = request.alias.point(scope, "Make current", _MODEL_ARN)
    promote.next(sfn.Succeed(scope, "Current", output_path="$.model"))
    smoke_test = request.smoke_test.steps(scope, _MODEL_ARN, promote)

    check, checked = weights_check(scope, request.weights)
    imported = _model(scope, "Imported", f"{JOB}.ImportedModelArn").next(smoke_test)
    start = _start(scope, request, check)
    find = _find(scope, smoke_test, start)
    # Two executions with the same weights: the second finds the model once the first is through.
    start.add_catch(find, errors=["Bedrock.ConflictException"], result_path="$.conflict")
    name = sfn.Pass(scope, "Name", parameters={"model": _name(request.prefix)}, result_path="$.names")
    checked.next(
        sfn.Choice(scope, "Where it stands").when(sfn.Condition.is_present(JOB), imported).otherwise(name.next(find))
    )

    given = _model(scope, "Given model", "$.input.model_arn").next(smoke_test)
    told = sfn.Condition.and_(
        sfn.Condition.is_string("$.input.folder"), sfn.Condition.is_string("$.input.manifest_sha256")
    )
    untold = sfn.Fail(
        scope,
        "Not told",
        error=INCOMPLETE,
        cause='the input names nothing to import: give {"folder": ..., "manifest_sha256": ...}, or {"model_arn": ...}',
    )
    return begin(scope, {}).next(
        sfn.Choice(scope, "What is asked")
        .when(sfn.Condition.is_string("$.input.model_arn"), given)
        .when(told, check)
        .otherwise(untold)
    )


def _name(prefix: str) -> str:
    weights = sfn.JsonPath.format(
        "{}:{}", sfn.JsonPath.string_at("$.input.folder"), sfn.JsonPath.string_at("$.input.manifest_sha256")
    )
    return named(prefix, digest(weights))


def _model(scope: Construct, id: str, arn: str) -> sfn.Pass:
    return sfn.Pass(scope, id, parameters={"arn.$": arn}, result_path="$.model")


def _find(scope: Construct, found: sfn.IChainable, absent: sfn.IChainable) -> tasks.CallAwsService:
    find = sdk_call(
        scope,
        "Find model",
        service="bedrock",
        operation="GetImportedModel",
        resources=[own(Stack.of(scope), "imported-model")],
        parameters={"ModelIdentifier": sfn.JsonPath.string_at("$.names.model")},
        result_selector={"arn.$": "$.ModelArn"},
        result_path="$.model",
    )
    find.add_catch(absent, errors=["Bedrock.ResourceNotFoundException"], result_path="$.absent")
    find.next(found)
    return find


def _start(scope: Construct, request: ImportRequest, check: sfn.IChainable) -> tasks.CallAwsService:
    stack, kind = Stack.of(scope), JobKind.IMPORT
    location = sfn.JsonPath.format(f"{request.weights.uri}/{{}}/", sfn.JsonPath.string_at("$.input.folder"))
    parameters: dict[str, object] = {
        "JobName": named(request.prefix),
        "ImportedModelName": sfn.JsonPath.string_at("$.names.model"),
        "RoleArn": request.role.role_arn,
        "ModelDataSource": {"S3DataSource": {"S3Uri": location}},
        "ImportedModelKmsKeyId": request.key.key_arn,
        "JobTags": tags(request.prefix),
        "ImportedModelTags": tags(request.prefix),
    }
    if request.network is not None:
        parameters["VpcConfig"] = request.network
    return awaited_job(
        scope,
        kind,
        parameters=parameters,
        # Starting an import has no resource in IAM.
        authorized=["*"],
        statements=[
            request.role.passing(),
            tagging(request.prefix, kind.arns(stack), own(stack, "imported-model")),
        ],
        patience=request.patience,
        # The weights could have been put again while the job read them.
        outcomes=[(succeeded(), check)],
    )

"""
What would make a deploy fail half-way, asked before it starts.

Calls STS, SSM, CloudFormation and S3, read-only, with the credentials and the region of the environment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from genai_layers.settings import Settings

EXAMPLE_ACCOUNT = "111122223333"
"""The account that AWS uses in its documentation; it stands in the committed environment files."""

BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
"""Where `cdk bootstrap` leaves its version (aws-cdk-lib 2.275, DefaultStackSynthesizer.DEFAULT_QUALIFIER)."""

BOOTSTRAP_VERSION = 6
"""Oldest version that the default synthesizer of aws-cdk-lib 2.275 accepts."""


@dataclass(frozen=True, slots=True)
class Blocker:
    """
    One thing that stops a deploy.

    Attributes:
        what: What is wrong, with the value.
        fix: What to change or run.
    """

    what: str
    fix: str

    def __str__(self) -> str:
        return f"{self.what}: {self.fix}"


def blockers(settings: Settings, session: boto3.Session) -> list[Blocker]:
    """
    Everything that would stop a deploy of *settings* with the credentials of *session*.

    Args:
        settings: The environment.
        session: Credentials of whoever deploys; its region is not used, the environment's is.
    """
    return [*_placeholders(settings), *_account(settings, session)]


def _weights(settings: Settings, session: boto3.Session) -> Iterator[Blocker]:
    """Machines that find no weights are replaced for ever, at the price of an accelerator by the hour."""
    wanted = settings.inference
    if not wanted.enabled or wanted.min_machines == 0:
        return
    prefix = wanted.weights_prefix or wanted.model
    name = f"GenAi-{settings.environment}-Inference"
    fix = (
        "deploy once with CONTEXT='-c inference.min_machines=0', upload the model's files under"
        f" {prefix}/ in the bucket that stack {name} outputs as WeightsBucketName, then deploy again"
    )
    try:
        stacks = session.client("cloudformation", region_name=settings.region).describe_stacks(StackName=name)
    except (BotoCoreError, ClientError) as fault:
        if "does not exist" not in str(fault):
            yield Blocker(f"stack {name} cannot be read ({fault})", "allow cloudformation:DescribeStacks")
            return
        yield Blocker(f"there is no weights bucket yet and inference.min_machines is {wanted.min_machines}", fix)
        return
    outputs = {one["OutputKey"]: one["OutputValue"] for one in stacks["Stacks"][0].get("Outputs", [])}
    bucket = outputs.get("WeightsBucketName")
    if bucket is None:
        yield Blocker(f"stack {name} outputs no WeightsBucketName and inference.min_machines is not 0", fix)
        return
    s3 = session.client("s3", region_name=settings.region)
    try:
        found = s3.list_objects_v2(Bucket=bucket, Prefix=f"{prefix}/", MaxKeys=1)
    except (BotoCoreError, ClientError) as fault:
        yield Blocker(f"bucket {bucket} cannot be listed ({fault})", f"allow s3:ListBucket on {bucket}")
        return
    if not found.get("KeyCount"):
        yield Blocker(f"bucket {bucket} holds nothing under {prefix}/", fix)


def _placeholders(settings: Settings) -> Iterator[Blocker]:
    arn = settings.inference.certificate_arn
    if settings.inference.enabled and arn is not None and f":{EXAMPLE_ACCOUNT}:" in arn:
        yield Blocker(
            f"inference.certificate_arn {arn!r} is the example of the documentation",
            f"put your own certificate into stacks/environments/{settings.environment}.toml,"
            " or set CONTEXT='-c inference.certificate_arn=ARN'",
        )


def _account(settings: Settings, session: boto3.Session) -> Iterator[Blocker]:
    try:
        account = session.client("sts", region_name=settings.region).get_caller_identity()["Account"]
    except (BotoCoreError, ClientError) as fault:
        yield Blocker(f"no usable AWS credentials ({fault})", "sign in, or set AWS_PROFILE")
        return
    if settings.account is not None and account != settings.account:
        yield Blocker(
            f"the credentials are of account {account}, environment {settings.environment!r} is account"
            f" {settings.account}",
            "switch credentials, or change `account` in the environment file",
        )
        return
    yield from _bootstrap(settings, session, account)
    yield from _weights(settings, session)


def _bootstrap(settings: Settings, session: boto3.Session, account: str) -> Iterator[Blocker]:
    bootstrap = f"cdk bootstrap aws://{account}/{settings.region}"
    try:
        parameter = session.client("ssm", region_name=settings.region).get_parameter(Name=BOOTSTRAP_PARAMETER)
    except (BotoCoreError, ClientError) as fault:
        if not isinstance(fault, ClientError) or fault.response["Error"]["Code"] != "ParameterNotFound":
            yield Blocker(
                f"the bootstrap version of {settings.region} cannot be read ({fault})",
                "allow ssm:GetParameter, and check the network",
            )
            return
        yield Blocker(f"account {account} is not bootstrapped in {settings.region}", f"run {bootstrap}")
        return
    version = int(parameter["Parameter"]["Value"])
    if version < BOOTSTRAP_VERSION:
        yield Blocker(
            f"the bootstrap stack of {settings.region} has version {version}, at least {BOOTSTRAP_VERSION} is needed",
            f"run {bootstrap} again",
        )

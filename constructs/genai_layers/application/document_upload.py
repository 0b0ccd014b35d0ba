"""Documents of people: uploaded to quarantine, looked into, and only then where they may be retrieved."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from genai_layers.application.api import WHOLE_TIMEOUT, Api
from genai_layers.application.chat_table import conversation_table
from genai_layers.application.upload_buckets import malware_protection, quarantine_bucket
from genai_layers.application.upload_environment import accept_uploads, environments
from genai_layers.application.upload_values import UploadLimits
from genai_layers.foundation import KeyUse, PythonFunction

NAMESPACE = "GenAiLayers/Documents"
"""Namespace of the metrics that the scan writes."""

ROUTES = ("POST /documents", "GET /documents", "GET /documents/{id}", "DELETE /documents/{id}")
"""What the function answers; a test holds it against the function's own list."""

UPLOADS = "uploads/"
"""What keys of accepted documents begin with."""

_TABLE_ACTIONS = ("dynamodb:Query", "dynamodb:UpdateItem")


class DocumentUpload(Construct):
    """
    Lets people add documents to a knowledge base, once each was looked into.

    A document is uploaded to a quarantine bucket by a form that is signed for it alone. A second function reads it
    there: its type by its content, macros, programs, embedded files, passwords, hidden text, what it unpacks to. A
    clean one is written into the bucket of documents, beside it whose tenant it is of; a refused one stays in
    quarantine until it is deleted, and its reason is told. The function that people reach can read and write no
    document, in either bucket.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new, empty quarantine and table.
        vpc: Network with gateway endpoints for S3 and DynamoDB.
        subnets: Subnets of *vpc*. Default: the isolated ones.
        key: Key for documents in quarantine and for what is known of them; it needs `REQUIRED_KEY_USES`.
        log_key: Key for logs and settings; it needs `REQUIRED_LOG_KEY_USES`.
        api: Gets a route for each of `ROUTES`.
        documents: Bucket of the knowledge base's documents.
        document_key: Key of that bucket. Default: *key*.
        access_logs: Bucket for the access log of the quarantine.
        limits: How much may be uploaded. Default: see `UploadLimits`.
        has_tenants: Whether every user is of one tenant, as in `Retrieval`. Default: no.
        allowed_groups: Groups whose users may upload. Default: every signed-in user may.
        page_origins: Origins whose pages upload. Default: none; programs need none.
        has_malware_protection: Whether GuardDuty looks at each document first, at 0.09 USD a GB and 0.215 USD for
            1,000 documents. Default: no.
        log_retention: How long logs are kept. Default: one year.
        removal_policy: What happens to quarantine, table and logs when the stack goes. Default: they are kept.

    Attributes:
        quarantine: Where documents wait.
        table: What is known of them.
        function: Answers people.
        scanner: Looks into documents.
        failed: Events of documents that could not be looked into.

    Example:
        upload = DocumentUpload(self, "Upload", vpc=network.vpc, key=data_key.key, log_key=log_key.key, api=api,
                                documents=knowledge.documents, access_logs=logs.bucket)
    """

    REQUIRED_KEY_USES = (KeyUse.DYNAMODB,)
    REQUIRED_LOG_KEY_USES = (KeyUse.EVENTBRIDGE, KeyUse.LAMBDA, KeyUse.LOGS, KeyUse.SQS)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection | None = None,
        key: kms.IKey,
        log_key: kms.IKey,
        api: Api,
        documents: s3.IBucket,
        document_key: kms.IKey | None = None,
        access_logs: s3.IBucket | None,
        limits: UploadLimits | None = None,
        has_tenants: bool = False,
        allowed_groups: Sequence[cognito.IUserPoolGroup] = (),
        page_origins: Sequence[str] = (),
        has_malware_protection: bool = False,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        limits = UploadLimits() if limits is None else limits
        self.quarantine = quarantine_bucket(
            self,
            "Quarantine",
            key=key,
            access_logs=access_logs,
            kept=limits.quarantine,
            origins=page_origins,
            removal_policy=removal_policy,
        )
        self.table = conversation_table(self, "Known", key=key, removal_policy=removal_policy)
        common, asked = environments(
            limits,
            table=self.table,
            quarantine=self.quarantine,
            documents=documents,
            key=key,
            api=api,
            allowed_groups=allowed_groups,
            has_tenants=has_tenants,
        )
        self._function = PythonFunction(
            self,
            "Function",
            handler_folder="documents",
            description="takes requests for uploads",
            key=log_key,
            log_retention=log_retention,
            environment={**common, **asked},
            # A second less than the API waits, so that the caller always hears from the function.
            timeout=WHOLE_TIMEOUT.minus(Duration.seconds(1)),
            memory_mib=1024,
            vpc=vpc,
            subnets=subnets,
            removal_policy=removal_policy,
        )
        self.failed = sqs.Queue(
            self,
            "Failed",
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=log_key,
            enforce_ssl=True,
            retention_period=Duration.days(14),
            removal_policy=removal_policy,
        )
        self._scanner = PythonFunction(
            self,
            "Scanner",
            handler_folder="document_scan",
            description="looks into uploaded documents",
            key=log_key,
            log_retention=log_retention,
            environment={**common, **({"ASK_GUARD_DUTY": "true"} if has_malware_protection else {})},
            timeout=Duration.minutes(2),
            # A document and what it unpacks to are held in memory.
            memory_mib=2048,
            vpc=vpc,
            subnets=subnets,
            dead_letter_queue=self.failed,
            removal_policy=removal_policy,
        )
        self._let_ask(key, documents)
        self._let_scan(key, documents, key if document_key is None else document_key, tags=has_malware_protection)
        if has_malware_protection:
            malware_protection(self, "MalwareProtection", bucket=self.quarantine, key=key)
        self._listen(has_malware_protection=has_malware_protection)
        for route in ROUTES:
            api.add_route(route, self.function)

    @property
    def function(self) -> lambda_.Function:
        """The function that people reach."""
        return self._function.function

    @property
    def scanner(self) -> lambda_.Function:
        """The function that looks into documents."""
        return self._scanner.function

    @property
    def upload_origin(self) -> str:
        """Origin of the forms, which a page must be let to send to."""
        return f"https://{self.quarantine.bucket_regional_domain_name}"

    def metric(self, name: str, *, statistic: str = "Sum") -> cloudwatch.Metric:
        """
        Return a metric that the scan writes.

        Args:
            name: `DocumentsAccepted`, `DocumentsRefused` or `ScanTime`.
            statistic: Statistic over a period. Default: Sum.
        """
        return cloudwatch.Metric(
            namespace=NAMESPACE,
            metric_name=name,
            statistic=statistic,
            dimensions_map={"FunctionName": self.scanner.function_name},
        )

    def _let_ask(self, key: kms.IKey, documents: s3.IBucket) -> None:
        """Let people's function sign forms, and remove documents that it can neither read nor write."""
        self.table.grant(self._function, *_TABLE_ACTIONS, "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem")
        key.grant(self._function, "kms:Decrypt", "kms:GenerateDataKey")
        self._allow(self._function, "SignForms", ["s3:PutObject"], self.quarantine.arn_for_objects("*"))
        self._allow(self._function, "Remove", ["s3:DeleteObject"], documents.arn_for_objects(f"{UPLOADS}*"))

    def _let_scan(self, key: kms.IKey, documents: s3.IBucket, document_key: kms.IKey, *, tags: bool) -> None:
        """Let the scan read quarantine, write documents, and nothing the other way round."""
        self.table.grant(self._scanner, *_TABLE_ACTIONS)
        key.grant(self._scanner, "kms:Decrypt")
        document_key.grant(self._scanner, "kms:GenerateDataKey")
        reads = ["s3:GetObject", "s3:GetObjectVersion"]
        reads += ["s3:GetObjectTagging", "s3:GetObjectVersionTagging"] if tags else []
        self._allow(self._scanner, "ReadQuarantine", reads, self.quarantine.arn_for_objects("*"))
        writes = ["s3:DeleteObject", "s3:PutObject"]
        self._allow(self._scanner, "WriteDocuments", writes, documents.arn_for_objects(f"{UPLOADS}*"))

    def _allow(self, function: PythonFunction, sid: str, actions: list[str], resource: str) -> None:
        accept_uploads(function, resource)
        function.role.add_to_principal_policy(iam.PolicyStatement(sid=sid, actions=actions, resources=[resource]))

    def _listen(self, *, has_malware_protection: bool) -> None:
        name = self.quarantine.bucket_name
        pattern = (
            events.EventPattern(
                source=["aws.guardduty"],
                detail_type=["GuardDuty Malware Protection Object Scan Result"],
                detail={"s3ObjectDetails": {"bucketName": [name]}},
            )
            if has_malware_protection
            else events.EventPattern(
                source=["aws.s3"], detail_type=["Object Created"], detail={"bucket": {"name": [name]}}
            )
        )
        events.Rule(
            self,
            "OnUpload",
            description="a document waits in quarantine",
            event_pattern=pattern,
            targets=[targets.LambdaFunction(self.scanner, retry_attempts=3, max_event_age=Duration.hours(2))],
        )

"""Who can do what with an upload: quarantine and documents apart, the door and the scan apart."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aws_cdk import Duration, Size
from aws_cdk import aws_logs as logs

from genai_layers import testing
from genai_layers.application import Api, DocumentUpload, DocumentUploadError, UploadLimits, UserDirectory
from genai_layers.application.document_upload import NAMESPACE, ROUTES
from genai_layers.foundation import AccessLogBucket, EncryptionKey, Network
from genai_layers.foundation.nag import attach_checks
from genai_layers.platform import KnowledgeBase
from genai_layers.runtime.document_scan import handler as scan
from genai_layers.runtime.documents import model, routes
from genai_layers.testing import Request, Resolver, Template, evaluate, policies_of, resources

pytestmark = pytest.mark.synth


def _made(**options: Any) -> Template:
    app = testing.app()
    attach_checks(app, packs=("AwsSolutions", "NIST80053R5", "HIPAA", "PCI"))
    stack = testing.stack(app)
    key = EncryptionKey(
        stack,
        "DataKey",
        description="data",
        uses=[*KnowledgeBase.REQUIRED_KEY_USES, *DocumentUpload.REQUIRED_KEY_USES],
    ).key
    log_key = EncryptionKey(stack, "LogKey", description="logs", uses=DocumentUpload.REQUIRED_LOG_KEY_USES).key
    access_logs = AccessLogBucket(stack, "AccessLogs").bucket
    network = Network(stack, "Network", flow_log_key=log_key, log_retention=logs.RetentionDays.ONE_YEAR)
    directory = UserDirectory(stack, "Directory")
    DocumentUpload(
        stack,
        "Upload",
        vpc=network.vpc,
        key=key,
        log_key=log_key,
        api=Api(stack, "Api", directory=directory, log_key=log_key),
        documents=KnowledgeBase(stack, "Knowledge", key=key, access_logs=access_logs).documents,
        access_logs=access_logs,
        **options,
    )
    return testing.template(stack)


@pytest.fixture(scope="module")
def template() -> Template:
    """Uploads as they come, checked by every pack."""
    return _made()


@pytest.fixture(scope="module")
def guarded() -> Template:
    """Uploads with everything asked for, checked by every pack."""
    return _made(
        has_malware_protection=True,
        has_tenants=True,
        page_origins=["https://chat.example.com"],
        limits=UploadLimits(document=Size.mebibytes(1), documents=3, quarantine=Duration.days(2)),
    )


def _named(template: Template, type: str, prefix: str) -> str:
    (found,) = [name for name in resources(template, type) if name.startswith(prefix)]
    return found


def _properties(template: Template, type: str, prefix: str) -> Any:
    return resources(template, type)[_named(template, type, prefix)]["Properties"]


class _Role:
    """Asks IAM what a function may."""

    def __init__(self, template: Template, prefix: str) -> None:
        self._resolver = Resolver(template=template)
        self._role = _named(template, "AWS::IAM::Role", prefix)
        self._policies = policies_of(template, self._role, self._resolver)
        self.quarantine = self._resolver.arn(_named(template, "AWS::S3::Bucket", "UploadQuarantine"))
        self.documents = self._resolver.arn(_named(template, "AWS::S3::Bucket", "KnowledgeDocuments"))
        self.table = self._resolver.arn(_named(template, "AWS::DynamoDB::Table", "UploadKnown"))

    def may(self, *asked: tuple[str, str]) -> list[bool]:
        """Return whether each action on each resource is allowed."""
        decisions = evaluate(
            [
                Request(
                    principal=f"arn:aws:sts::{testing.ACCOUNT}:assumed-role/{self._role}/x",
                    action=action,
                    resource=resource,
                    identity_policies=self._policies,
                )
                for action, resource in asked
            ]
        )
        return [decision.allowed for decision in decisions]


def test_the_door_signs_forms_and_reads_and_writes_no_document(template: Template) -> None:
    """A form can do what its signer can: write into quarantine; and documents of people can be removed."""
    role = _Role(template, "UploadFunctionRole")
    upload = f"{role.documents}/uploads/-/1/a.txt"

    assert role.may(("s3:PutObject", f"{role.quarantine}/k"), ("s3:DeleteObject", upload)) == [True, True]
    refused = [
        ("s3:GetObject", upload),
        ("s3:PutObject", upload),
        ("s3:DeleteObject", f"{role.documents}/handbook.pdf"),
        ("s3:GetObject", f"{role.quarantine}/k"),
        ("s3:ListBucket", role.documents),
        ("dynamodb:Scan", role.table),
    ]
    assert role.may(*refused) == [False] * len(refused)


def test_the_scan_reads_quarantine_and_writes_uploads(template: Template) -> None:
    """It cannot write where it reads, nor read where it writes, nor touch what operators put there."""
    role = _Role(template, "UploadScannerRole")
    upload = f"{role.documents}/uploads/-/1/a.txt"

    assert role.may(("s3:GetObject", f"{role.quarantine}/k"), ("s3:PutObject", upload)) == [True, True]
    refused = [
        ("s3:PutObject", f"{role.quarantine}/k"),
        ("s3:DeleteObject", f"{role.quarantine}/k"),
        ("s3:GetObject", upload),
        ("s3:PutObject", f"{role.documents}/handbook.pdf"),
        ("dynamodb:PutItem", role.table),
        ("dynamodb:DeleteItem", role.table),
    ]
    assert role.may(*refused) == [False] * len(refused)


def test_quarantine_is_emptied_and_tells_of_uploads(template: Template) -> None:
    """After a week nothing of an upload is left there, older versions within a day."""
    bucket = resources(template, "AWS::S3::Bucket")[_named(template, "AWS::S3::Bucket", "UploadQuarantine")][
        "Properties"
    ]

    rules = bucket["LifecycleConfiguration"]["Rules"]
    assert [rule["ExpirationInDays"] for rule in rules if "ExpirationInDays" in rule] == [7]
    assert [
        rule["NoncurrentVersionExpiration"]["NoncurrentDays"]
        for rule in rules
        if len(rule) > 2 and "NoncurrentVersionExpiration" in rule
    ] == [1]
    assert bucket["NotificationConfiguration"]["EventBridgeConfiguration"]["EventBridgeEnabled"] is True
    assert "CorsConfiguration" not in bucket


def test_the_scan_is_started_by_an_upload(template: Template) -> None:
    """What it cannot judge is kept for somebody to look at."""
    rule = resources(template, "AWS::Events::Rule")[_named(template, "AWS::Events::Rule", "UploadOnUpload")][
        "Properties"
    ]
    function = resources(template, "AWS::Lambda::Function")[_named(template, "AWS::Lambda::Function", "UploadScanner")][
        "Properties"
    ]

    assert rule["EventPattern"]["source"] == ["aws.s3"]
    assert "UploadScanner" in json.dumps(rule["Targets"])
    assert "UploadFailed" in json.dumps(function["DeadLetterConfig"])


def test_with_guard_duty_its_verdict_starts_the_scan(guarded: Template) -> None:
    """The plan tags what it looked at, and the scan may read the tag."""
    (plan,) = resources(guarded, "AWS::GuardDuty::MalwareProtectionPlan").values()
    rule = _properties(guarded, "AWS::Events::Rule", "UploadOnUpload")
    role = _Role(guarded, "UploadScannerRole")

    assert plan["Properties"]["Actions"] == {"Tagging": {"Status": "ENABLED"}}
    assert rule["EventPattern"]["source"] == ["aws.guardduty"]
    assert role.may(("s3:GetObjectTagging", f"{role.quarantine}/k")) == [True]


def test_what_was_asked_for_is_told_to_the_functions(guarded: Template) -> None:
    """Limits, tenants, and whose pages may send."""
    told = _properties(guarded, "AWS::Lambda::Function", "UploadFunction")["Environment"]["Variables"]
    bucket = _properties(guarded, "AWS::S3::Bucket", "UploadQuarantine")

    assert (told["MOST_BYTES"], told["MOST_DOCUMENTS"], told["TENANT_GROUP_PREFIX"]) == ("1048576", "3", "tenant:")
    (rule,) = bucket["CorsConfiguration"]["CorsRules"]
    assert (rule["AllowedOrigins"], rule["AllowedMethods"]) == (["https://chat.example.com"], ["POST"])


def test_the_construct_knows_what_the_functions_know() -> None:
    """Routes, names and places are the same on both sides."""
    assert set(ROUTES) == set(routes.ROUTES)
    assert NAMESPACE == scan.NAMESPACE
    assert model.UPLOADS == "uploads/"


def test_limits_that_cannot_be_are_all_named() -> None:
    """At once."""
    with pytest.raises(DocumentUploadError) as caught:
        UploadLimits(
            document=Size.mebibytes(60),
            documents=0,
            user=Size.mebibytes(1),
            form=Duration.hours(2),
            quarantine=Duration.days(400),
        )

    assert len(caught.value.faults) == 5

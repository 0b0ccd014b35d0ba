"""Nothing gets past the boundary: not a new identity, not the boundary itself, not the evidence."""

import pytest
from aws_cdk import aws_iam as iam

from genai_layers import testing
from genai_layers.foundation import Boundary
from genai_layers.testing import ACCOUNT, Policy, Request

pytestmark = [pytest.mark.synth, pytest.mark.tool]

ADMINISTRATOR = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
ROLE = f"arn:aws:iam::{ACCOUNT}:role/genai-layers/Chat"
OURS = f"arn:aws:iam::{ACCOUNT}:policy/genai-layers/boundary/Boundary"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"


@pytest.fixture(scope="module")
def boundary() -> Policy:
    """The boundary as IAM sees it."""
    stack = testing.stack()
    made = Boundary(stack, "Boundary")
    iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal(), permissions_boundary=made)
    template = testing.template(stack)
    (role,) = testing.resources(template, "AWS::IAM::Role")
    policy = testing.boundary_of(template, role)
    assert policy is not None
    return policy


def _allowed(boundary: Policy, action: str, resource: str, **context: str) -> bool:
    """Return whether an administrator under *boundary* may do it; `__` in a key is a colon."""
    request = Request(
        principal=ROLE,
        action=action,
        resource=resource,
        context={key.replace("__", ":"): value for key, value in context.items()},
        identity_policies=[ADMINISTRATOR],
        boundary=boundary,
        # A key whose policy names the caller: what it allows, only an explicit denial takes back.
        resource_policy=_key_policy() if action.startswith("kms:") else None,
        resource_account="111122223333",
    )
    return testing.evaluate([request])[0].allowed


def _key_policy() -> Policy:
    principals = {"AWS": [f"arn:aws:iam::{ACCOUNT}:root", ROLE]}
    statement = {"Effect": "Allow", "Principal": principals, "Action": "kms:*", "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("apigateway:PATCH", "arn:aws:apigateway:us-east-1::/account"),
        ("aws-marketplace:Subscribe", "*"),
        ("bedrock:InvokeModel", "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"),
        ("cloudformation:SignalResource", f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/GenAi-prod-Inference/1"),
        ("dynamodb:PutItem", f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/conversations"),
        ("ecs:DiscoverPollEndpoint", "*"),
        ("ec2:CreateNetworkInterface", f"arn:aws:ec2:us-east-1:{ACCOUNT}:subnet/subnet-1"),
        ("kms:Decrypt", KEY),
        ("logs:PutLogEvents", f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:chat:log-stream:1"),
        ("s3:DeleteObject", "arn:aws:s3:::documents/a.pdf"),
        ("s3:PutObject", "arn:aws:s3:::documents/a.pdf"),
        ("s3vectors:QueryVectors", f"arn:aws:s3vectors:us-east-1:{ACCOUNT}:bucket/vectors/index/documents"),
        ("sagemaker:InvokeEndpoint", f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:endpoint/e"),
        ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:key-AbCdEf"),
        ("states:StartExecution", f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:ingest"),
        ("xray:PutTraceSegments", "*"),
    ],
)
def test_there_is_room_for_what_the_app_does(boundary: Policy, action: str, resource: str) -> None:
    """What a role of the app is granted is not taken away by the boundary."""
    assert _allowed(boundary, action, resource)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/mallory"),
        ("iam:CreateAccessKey", f"arn:aws:iam::{ACCOUNT}:user/robin"),
        ("iam:CreateLoginProfile", f"arn:aws:iam::{ACCOUNT}:user/robin"),
        ("iam:AttachUserPolicy", f"arn:aws:iam::{ACCOUNT}:user/robin"),
        ("iam:UpdateAssumeRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/Admin"),
        ("iam:UpdateAssumeRolePolicy", ROLE),
        ("iam:DeleteRolePermissionsBoundary", ROLE),
        ("iam:DeactivateMFADevice", f"arn:aws:iam::{ACCOUNT}:user/robin"),
        ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/Admin"),
        ("cloudformation:CreateStack", f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/s/1"),
        ("organizations:LeaveOrganization", "*"),
        ("apigateway:POST", "arn:aws:apigateway:us-east-1::/restapis"),
        ("apigateway:DELETE", "arn:aws:apigateway:us-east-1::/restapis/abc"),
        ("iam:AddUserToGroup", f"arn:aws:iam::{ACCOUNT}:group/admins"),
        ("iam:PutGroupPolicy", f"arn:aws:iam::{ACCOUNT}:group/everyone"),
        ("iam:PutUserPolicy", f"arn:aws:iam::{ACCOUNT}:user/robin"),
        ("iam:DeleteUserPermissionsBoundary", f"arn:aws:iam::{ACCOUNT}:user/robin"),
        ("iam:CreateOpenIDConnectProvider", f"arn:aws:iam::{ACCOUNT}:oidc-provider/example.com"),
        ("iam:CreateSAMLProvider", f"arn:aws:iam::{ACCOUNT}:saml-provider/example"),
    ],
)
def test_nobody_becomes_someone_else(boundary: Policy, action: str, resource: str) -> None:
    """No user, no key, no trust rewritten, no other role taken on, no stack made by a stronger role."""
    assert not _allowed(boundary, action, resource)


@pytest.mark.parametrize(
    "action", ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary"]
)
def test_a_role_is_made_only_under_the_boundary(boundary: Policy, action: str) -> None:
    """Under ours it may be made or changed; under none, or under another, it may not."""
    other = f"arn:aws:iam::{ACCOUNT}:policy/Other"

    assert _allowed(boundary, action, ROLE, iam__PermissionsBoundary=OURS)
    assert not _allowed(boundary, action, ROLE)
    assert not _allowed(boundary, action, ROLE, iam__PermissionsBoundary=other)


def test_roles_of_others_stay_as_they_are(boundary: Policy) -> None:
    """Even under the boundary, only roles on the path of the app may be made."""
    assert not _allowed(boundary, "iam:CreateRole", f"arn:aws:iam::{ACCOUNT}:role/Admin", iam__PermissionsBoundary=OURS)


@pytest.mark.parametrize(
    "action",
    ["iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:SetDefaultPolicyVersion"],
)
def test_the_boundary_cannot_be_moved(boundary: Policy, action: str) -> None:
    """Nobody under the boundary can rewrite or remove it."""
    assert not _allowed(boundary, action, OURS)


@pytest.mark.parametrize(
    ("service", "resource", "allowed"),
    [
        ("sagemaker.amazonaws.com", ROLE, True),
        ("cloudformation.amazonaws.com", ROLE, False),
        ("sagemaker.amazonaws.com", f"arn:aws:iam::{ACCOUNT}:role/Admin", False),
    ],
)
def test_only_roles_of_the_app_are_passed_on(boundary: Policy, service: str, resource: str, allowed: bool) -> None:
    """A stronger role of the account cannot be borrowed through a service."""
    assert _allowed(boundary, "iam:PassRole", resource, iam__PassedToService=service) is allowed


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("cloudtrail:StopLogging", f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/audit"),
        ("cloudtrail:DeleteTrail", f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/audit"),
        ("ec2:DeleteFlowLogs", f"arn:aws:ec2:us-east-1:{ACCOUNT}:vpc-flow-log/fl-1"),
        ("kms:DisableKey", KEY),
        ("kms:PutKeyPolicy", KEY),
        ("kms:ScheduleKeyDeletion", KEY),
        ("logs:DeleteLogGroup", f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:audit"),
        ("logs:PutRetentionPolicy", f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:audit"),
        ("s3:PutLifecycleConfiguration", "arn:aws:s3:::audit"),
        ("s3:PutBucketPublicAccessBlock", "arn:aws:s3:::documents"),
        ("s3:PutEncryptionConfiguration", "arn:aws:s3:::audit"),
        ("s3:BypassGovernanceRetention", "arn:aws:s3:::audit/AWSLogs/file"),
        ("kms:DisableKeyRotation", KEY),
        ("logs:DeleteLogStream", f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:audit:log-stream:1"),
        ("logs:DisassociateKmsKey", f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:audit"),
        ("cloudtrail:PutEventSelectors", f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/audit"),
        ("cloudtrail:UpdateTrail", f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/audit"),
    ],
)
def test_the_evidence_stays(boundary: Policy, action: str, resource: str) -> None:
    """Trails, keys and logs outlive an administrator, even one whom the key's own policy names."""
    assert not _allowed(boundary, action, resource)


def test_no_object_goes_to_another_account(boundary: Policy) -> None:
    """Credentials of the app cannot carry data to a bucket elsewhere."""
    assert not _allowed(boundary, "s3:PutObject", "arn:aws:s3:::theirs/loot", aws__ResourceAccount="999988887777")

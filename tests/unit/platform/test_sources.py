"""Other sources of documents and other ways to read them: limits, rights and the shape that the service takes."""

from __future__ import annotations

import pytest
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager

from genai_layers import testing
from genai_layers.foundation import EncryptionKey
from genai_layers.foundation.nag import attach_checks
from genai_layers.platform import (
    Application,
    ApplicationSource,
    BucketSource,
    Chunking,
    CustomSource,
    DataAutomationParsing,
    FoundationModel,
    InferenceProfile,
    KnowledgeBase,
    KnowledgeBaseError,
    ModelParsing,
    SignIn,
    WebSource,
)

pytestmark = pytest.mark.synth

SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:confluence-AbCdEf"
HAIKU = "anthropic.claude-haiku-4-5-20251001-v1:0"
TENANT = "00000000-0000-0000-0000-000000000000"


def base(stack, **props) -> KnowledgeBase:
    """Return a knowledge base to add sources to."""
    key = EncryptionKey(stack, "Key", description="knowledge", uses=KnowledgeBase.REQUIRED_KEY_USES)
    logs = s3.Bucket.from_bucket_name(stack, "AccessLogs", "access-logs")
    return KnowledgeBase(stack, "Knowledge", key=key.key, access_logs=logs, **props)


def secret(stack) -> secretsmanager.ISecret:
    """Return a secret that stands already."""
    return secretsmanager.Secret.from_secret_complete_arn(stack, "Secret", SECRET)


def added(template, start: str):
    """Return the properties of the data source whose logical id starts as given."""
    (found,) = [
        one["Properties"]
        for name, one in testing.resources(template, "AWS::Bedrock::DataSource").items()
        if name.startswith(start)
    ]
    return found


def test_every_kind_of_source_and_parsing_is_clean_under_every_pack():
    """Sources of every kind beside one another bring no finding."""
    app = testing.app()
    attach_checks(app)
    stack = testing.stack(app)
    knowledge = base(stack, parsing=DataAutomationParsing())
    signed = {"secret": secret(stack), "url": "https://example.atlassian.net"}
    knowledge.add_source("Web", WebSource(seed_urls=["https://example.com/docs"], exclude=[r".*\.zip"]))
    knowledge.add_source("Custom", CustomSource(), chunking=Chunking.none())
    knowledge.add_source("Confluence", ApplicationSource(application=Application.CONFLUENCE, **signed))
    knowledge.add_source("Salesforce", ApplicationSource(application=Application.SALESFORCE, **signed))
    knowledge.add_source(
        "SharePoint",
        ApplicationSource(application=Application.SHAREPOINT, tenant_id=TENANT, domain="example", **signed),
        parsing=ModelParsing(model=FoundationModel.of(stack, HAIKU), prompt="Read the tables too."),
    )

    testing.template(stack)


def test_sharepoint_names_sites_and_not_a_host():
    """Its configuration has another shape than the others."""
    stack = testing.stack()
    source = ApplicationSource(
        application=Application.SHAREPOINT,
        url="https://example.sharepoint.com/sites/a",
        secret=secret(stack),
        tenant_id=TENANT,
        domain="example",
    )
    base(stack).add_source("Sites", source)
    configuration = added(testing.template(stack), "KnowledgeSites")["DataSourceConfiguration"]

    settings = configuration["SharePointConfiguration"]["SourceConfiguration"]
    assert settings["SiteUrls"] == ["https://example.sharepoint.com/sites/a"]
    assert "HostUrl" not in settings


def test_a_source_with_a_sign_in_may_read_its_secret_only(may):
    """The role reads the one secret that the source names."""
    stack = testing.stack()
    source = ApplicationSource(application=Application.CONFLUENCE, url="https://example.com", secret=secret(stack))
    base(stack).add_source("Confluence", source)

    answers = may(
        testing.template(stack),
        "KnowledgeRole",
        ("secretsmanager:GetSecretValue", SECRET, {}),
        ("secretsmanager:GetSecretValue", SECRET.replace("confluence", "other"), {}),
    )

    assert answers == [True, False]


def test_a_model_that_reads_documents_may_be_run_through_its_profile(may):
    """Parsing with a profile brings the same rights as a request through it, and no streaming."""
    stack = testing.stack()
    base(stack, parsing=ModelParsing(model=InferenceProfile.of(stack, "us.amazon.nova-lite-v1:0")))
    profile = "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-lite-v1:0"
    model = "arn:aws:bedrock:us-west-2::foundation-model/amazon.nova-lite-v1:0"

    answers = may(
        testing.template(stack),
        "KnowledgeRole",
        ("bedrock:InvokeModel", profile, {}),
        ("bedrock:InvokeModel", model, {"bedrock:InferenceProfileArn": profile}),
        ("bedrock:InvokeModel", model, {}),
        ("bedrock:InvokeModelWithResponseStream", profile, {}),
    )

    assert answers == [True, True, False, False]


def test_a_prefix_narrows_what_the_role_may_read(may):
    """Only objects under the prefix are read."""
    stack = testing.stack()
    bucket = s3.Bucket.from_bucket_name(stack, "Other", "other")
    base(stack).add_source("Part", BucketSource(bucket=bucket, prefix="handbook/"))
    ours = {"aws:ResourceAccount": "111122223333"}

    answers = may(
        testing.template(stack),
        "KnowledgeRole",
        ("s3:GetObject", "arn:aws:s3:::other/handbook/a.pdf", ours),
        ("s3:GetObject", "arn:aws:s3:::other/payroll/a.pdf", ours),
    )

    assert answers == [True, False]


def test_the_name_of_a_source_moves_with_its_parsing():
    """How documents are read is create-only, like how they are cut."""

    def name(parsing=None):
        stack = testing.stack()
        base(stack, parsing=parsing)
        return added(testing.template(stack), "KnowledgeSource")["Name"]

    assert name() != name(DataAutomationParsing())


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (WebSource(seed_urls=["http://example.com"]), "'http://example.com' is no address with https"),
        (WebSource(seed_urls=[]), "there are 0 seed_urls, allowed are 1 to 100"),
        (WebSource(seed_urls=["https://a.b"], rate_per_minute=301), "rate_per_minute is 301, allowed are 1 to 300"),
        (WebSource(seed_urls=["https://a.b"], max_pages=0), "max_pages is 0, it must be at least 1"),
        (WebSource(seed_urls=["https://a.b"], include=["x"] * 26), "there are 26 include filters, at most 25"),
    ],
)
def test_refuses_a_crawl_that_the_service_would_refuse(source, message):
    """Each limit is named with the value and what is allowed."""
    with pytest.raises(KnowledgeBaseError, match=message):
        base(testing.stack()).add_source("Web", source)


def test_refuses_a_sign_in_that_an_application_lacks():
    """All faults of a source are one message."""
    stack = testing.stack()
    source = ApplicationSource(
        application=Application.SHAREPOINT, url="sharepoint", secret=secret(stack), sign_in=SignIn.BASIC
    )

    with pytest.raises(KnowledgeBaseError) as error:
        base(stack).add_source("Sites", source)

    assert len(error.value.faults) == 3


def test_refuses_a_prompt_that_is_too_long():
    """The prompt for reading documents is bounded."""
    stack = testing.stack()
    parsing = ModelParsing(model=FoundationModel.of(stack, HAIKU), prompt="x" * 10_001)

    with pytest.raises(KnowledgeBaseError, match="prompt has 10001 characters"):
        base(stack, parsing=parsing)


def test_only_knowledge_bases_of_this_account_take_the_role_on():
    """Bedrock serves every account; with the id of the role alone somebody else's could read these documents."""
    stack = testing.stack()
    base(stack)
    roles = testing.resources(testing.template(stack), "AWS::IAM::Role").values()

    (trust,) = (role["Properties"]["AssumeRolePolicyDocument"]["Statement"] for role in roles)

    (statement,) = trust
    assert statement["Principal"] == {"Service": "bedrock.amazonaws.com"}
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    source = statement["Condition"]["ArnLike"]["aws:SourceArn"]
    assert str(source).endswith(":bedrock:us-east-1:111122223333:knowledge-base/*")

"""A knowledge base over tables: exact rights, bounded queries, and what is refused."""

from __future__ import annotations

import pytest
from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager
from kind_builders import WORKGROUP, structured, workgroup
from store_builders import one

from genai_layers import testing
from genai_layers.platform import (
    CatalogTables,
    DescribedTable,
    KnowledgeBaseError,
    QueryGeneration,
    RedshiftCluster,
    RedshiftServerless,
    RedshiftTables,
)

pytestmark = pytest.mark.synth

CLUSTER = "arn:aws:redshift:us-east-1:111122223333"
SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:warehouse-AbCdEf"
GLUE = "arn:aws:glue:us-east-1:111122223333"
KB = "arn:aws:bedrock:us-east-1:111122223333:knowledge-base/ABCDEFGHIJ"
OWN = {"aws:userid": "AROAEXAMPLE:kb", "redshift-data:statement-owner-iam-userid": "AROAEXAMPLE:kb"}


def test_the_role_may_ask_one_workgroup_and_see_its_own_statements(may):
    """Other workgroups, and what other people ask, stay denied."""
    stack = testing.stack()
    structured(stack)

    answers = may(
        testing.template(stack),
        "SalesRole",
        ("redshift-data:ExecuteStatement", WORKGROUP, {}),
        ("redshift-serverless:GetCredentials", WORKGROUP, {}),
        ("bedrock:GenerateQuery", "*", {}),
        ("sqlworkbench:GetSqlRecommendations", "*", {}),
        ("redshift-data:GetStatementResult", "*", OWN),
        ("redshift-data:GetStatementResult", "*", {**OWN, "redshift-data:statement-owner-iam-userid": "AROAOTHER:x"}),
        ("redshift-data:ExecuteStatement", WORKGROUP.replace("01234567-", "ffffffff-"), {}),
        ("redshift-serverless:UpdateWorkgroup", WORKGROUP, {}),
    )

    assert answers == [True] * 5 + [False] * 3


@pytest.mark.parametrize(
    ("given", "allowed", "denied"),
    [
        ({}, ("redshift:GetClusterCredentialsWithIAM", "dbname:warehouse/sales"), "redshift:GetClusterCredentials"),
        (
            {"user": "reader"},
            ("redshift:GetClusterCredentials", "dbuser:warehouse/reader"),
            "redshift:CreateClusterUser",
        ),
    ],
    ids=["as itself", "as a user"],
)
def test_the_role_may_ask_one_database_of_a_cluster(given, allowed, denied, may):
    """The way to sign in decides which credentials it may fetch, for one database and one user."""
    stack = testing.stack()
    structured(stack, engine=RedshiftCluster(cluster="warehouse", **given))
    action, resource = allowed

    answers = may(
        testing.template(stack),
        "SalesRole",
        ("redshift-data:ExecuteStatement", f"{CLUSTER}:cluster:warehouse", {}),
        (action, f"{CLUSTER}:{resource}", {}),
        (action, f"{CLUSTER}:{resource}2", {}),
        ("redshift-data:ExecuteStatement", f"{CLUSTER}:cluster:other", {}),
        (denied, f"{CLUSTER}:{resource}", {}),
    )

    assert answers == [True, True, False, False, False]


def test_a_password_needs_no_credentials_from_redshift(may):
    """One secret can be read, and nobody is impersonated."""
    stack = testing.stack()
    secret = secretsmanager.Secret.from_secret_complete_arn(stack, "Secret", SECRET)
    structured(stack, engine=workgroup(stack, secret=secret))
    template = testing.template(stack)
    _, base = one(template, "AWS::Bedrock::KnowledgeBase")
    engine = base["Properties"]["KnowledgeBaseConfiguration"]["SqlKnowledgeBaseConfiguration"]["RedshiftConfiguration"]

    answers = may(
        template,
        "SalesRole",
        ("secretsmanager:GetSecretValue", SECRET, {}),
        ("redshift-serverless:GetCredentials", WORKGROUP, {}),
    )

    assert answers == [True, False]
    configuration = engine["QueryEngineConfiguration"]["ServerlessConfiguration"]["AuthConfiguration"]
    assert configuration == {"Type": "USERNAME_PASSWORD", "UsernamePasswordSecretArn": SECRET}


def test_the_role_may_read_what_the_catalog_says_of_named_tables(may):
    """Another table and another database stay denied, and nothing in the catalog is changed."""
    stack = testing.stack()
    structured(stack, data=CatalogTables(tables=["lake.orders"]))

    answers = may(
        testing.template(stack),
        "SalesRole",
        ("glue:GetTable", f"{GLUE}:table/lake/orders", {}),
        ("glue:GetDatabase", f"{GLUE}:database/lake", {}),
        ("glue:GetTable", f"{GLUE}:table/lake/salaries", {}),
        ("glue:GetDatabase", f"{GLUE}:database/people", {}),
        ("glue:UpdateTable", f"{GLUE}:table/lake/orders", {}),
    )

    assert answers == [True, True, False, False, False]


def test_who_asks_may_ask_this_knowledge_base_and_who_writes_sql_runs_nothing(may):
    """Retrieve is for one knowledge base; GenerateQuery has no resource, and alone it reads no row."""
    stack = testing.stack()
    base = structured(stack)
    for name, grant in (("Reader", base.grant_retrieve), ("Writer", base.grant_generate_query)):
        grant(iam.Role(stack, name, assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")))
    template = testing.template(stack)
    (logical_id,) = testing.resources(template, "AWS::Bedrock::KnowledgeBase")
    known = {f"{logical_id}.KnowledgeBaseArn": KB}
    asked = [
        ("bedrock:Retrieve", KB, {}),
        ("bedrock:GenerateQuery", "*", {}),
        ("bedrock:Retrieve", KB.replace("ABC", "XYZ"), {}),
        ("redshift-data:ExecuteStatement", WORKGROUP, {}),
    ]

    assert may(template, "Reader", *asked, known=known) == [True, True, False, False]
    assert may(template, "Writer", *asked, known=known) == [False, True, False, False]


def test_what_helps_to_write_sql_is_put_as_the_service_wants_it():
    """Tables, columns that are shown or hidden, and curated questions; a query is bounded by default."""
    stack = testing.stack()
    orders = DescribedTable(
        name="sales.public.orders", description="One row an order", columns={"total": "In USD"}, hidden_columns=["ssn"]
    )
    structured(stack, generation=QueryGeneration(tables=[orders], curated={"How many orders?": "SELECT count(*)"}))
    _, base = one(testing.template(stack), "AWS::Bedrock::KnowledgeBase")
    configuration = base["Properties"]["KnowledgeBaseConfiguration"]["SqlKnowledgeBaseConfiguration"]
    generation = configuration["RedshiftConfiguration"]["QueryGenerationConfiguration"]

    assert generation["ExecutionTimeoutSeconds"] == 60
    (table,) = generation["GenerationContext"]["Tables"]
    assert table["Columns"] == [
        {"Name": "total", "Description": "In USD", "Inclusion": "INCLUDE"},
        {"Name": "ssn", "Inclusion": "EXCLUDE"},
    ]
    assert generation["GenerationContext"]["CuratedQueries"] == [
        {"NaturalLanguage": "How many orders?", "Sql": "SELECT count(*)"}
    ]


def test_the_name_moves_with_the_warehouse_and_stays_with_the_hints():
    """Engine and tables are create-only; how SQL is written is changed in place."""

    def name(**props) -> str:
        stack = testing.stack()
        structured(stack, **props)
        return one(testing.template(stack), "AWS::Bedrock::KnowledgeBase")[1]["Properties"]["Name"]

    assert name(generation=QueryGeneration(timeout=Duration.seconds(90))) == name()
    assert name(data=RedshiftTables(database="people")) != name()


def test_all_that_the_service_would_refuse_is_one_message():
    """Workgroup by name, a table without a schema, and a query without an end."""
    with pytest.raises(KnowledgeBaseError) as error:
        structured(
            testing.stack(),
            engine=RedshiftServerless(workgroup_arn="arn:aws:redshift-serverless:us-east-1:1:workgroup/sales"),
            data=CatalogTables(tables=["orders"]),
            generation=QueryGeneration(timeout=Duration.minutes(10), tables=[DescribedTable(name="orders")]),
        )

    assert len(error.value.faults) == 4
    assert "timeout is 600 seconds, allowed are 1 to 200" in str(error.value)

"""Questions about data reach declared tables through Athena, and nothing is changed; the workgroup bounds them."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import Duration
from aws_cdk import aws_s3 as s3

from genai_layers import testing
from genai_layers.application import AssistantError, DataInsight, DataTable
from genai_layers.application.data_insight import ROUTES
from genai_layers.foundation import AccessLogBucket
from genai_layers.runtime.insight import ports, routes
from genai_layers.runtime.shared.env import Environment
from genai_layers.testing import Outcome, Request, evaluate, resources
from tests.unit.application.assistants import Asker, environment_of, make_stage
from tests.unit.application.conftest import Estate, make_estate

pytestmark = pytest.mark.synth

ACCOUNT = testing.ACCOUNT
GLUE = f"arn:aws:glue:us-east-1:{ACCOUNT}"


def _table(estate: Estate, **changes: Any) -> DataTable:
    scope = estate.stack
    bucket = scope.node.try_find_child("Lake") or s3.Bucket.from_bucket_name(scope, "Lake", "lake")
    columns = {"status": "varchar", "amount": "double, in euros"}
    declared = {"name": "orders", "about": "What was sold.", "columns": columns, "bucket": bucket}
    return DataTable(**{**declared, "prefix": "shop/orders/", **changes})


def _insight(estate: Estate, id: str, **changes: Any) -> DataInsight:
    logs = estate.stack.node.try_find_child("Logs") or AccessLogBucket(estate.stack, "Logs")
    assert isinstance(logs, AccessLogBucket)
    given: dict[str, Any] = {
        "model": estate.model,
        "database": "shop",
        "tables": [_table(estate)],
        "access_logs": logs.bucket,
        **make_stage(estate),
        **changes,
    }
    return DataInsight(estate.stack, id, **given)


@pytest.fixture(scope="module")
def asker() -> Asker:
    """The template of answers about one table, and their role."""
    estate = make_estate()
    _insight(estate, "Insight")
    return Asker(testing.template(estate.stack), "Insight")


def test_the_function_can_read_its_settings(asker: Asker) -> None:
    """What the construct writes, the function's own reader takes."""
    read = ports.read(Environment(environment_of(asker.template, "InsightFunction")))

    assert read.schema == {"orders": frozenset({"status", "amount"})}
    assert (read.database, read.max_rows, read.query_seconds) == ("shop", 100, 30)
    (group,) = resources(asker.template, "AWS::Athena::WorkGroup").values()
    assert read.workgroup == group["Properties"]["Name"]


def test_the_function_answers_the_routes_that_the_api_sends_it() -> None:
    """Both sides name the same routes."""
    assert set(ROUTES) == set(routes.ROUTES)


def test_no_caller_can_replace_what_the_workgroup_says(asker: Asker) -> None:
    """Bytes, key and place of results are enforced."""
    (group,) = resources(asker.template, "AWS::Athena::WorkGroup").values()
    settings = group["Properties"]["WorkGroupConfiguration"]

    assert settings["EnforceWorkGroupConfiguration"] is True
    assert settings["BytesScannedCutoffPerQuery"] == 2**30
    assert settings["ResultConfiguration"]["EncryptionConfiguration"]["EncryptionOption"] == "SSE_KMS"
    assert settings["ResultConfiguration"]["ExpectedBucketOwner"]


def test_the_role_can_do_its_work_and_nothing_else(asker: Asker) -> None:
    """Catalog and files through Athena alone, of this table alone, and never to change anything."""
    (group,) = resources(asker.template, "AWS::Athena::WorkGroup").values()
    workgroup = f"arn:aws:athena:us-east-1:{ACCOUNT}:workgroup/{group['Properties']['Name']}"
    files = "arn:aws:s3:::lake/shop/orders/2026.parquet"

    def via(action: str, resource: str, **more: Any) -> Request:
        return asker.may(action, resource, **{"aws:CalledVia": ["athena.amazonaws.com"], **more})

    allowed = [
        *(
            asker.may(f"athena:{verb}", workgroup)
            for verb in ("StartQueryExecution", "StopQueryExecution", "GetQueryExecution", "GetQueryResults")
        ),
        via("glue:GetTable", f"{GLUE}:table/shop/orders"),
        via("glue:GetDatabase", f"{GLUE}:database/shop"),
        via("s3:GetObject", files),
        via("s3:ListBucket", "arn:aws:s3:::lake", **{"s3:prefix": "shop/orders/"}),
    ]
    denied = [
        asker.may("s3:GetObject", files),
        asker.may("glue:GetTable", f"{GLUE}:table/shop/orders"),
        via("s3:GetObject", "arn:aws:s3:::lake/hr/salaries.parquet"),
        via("s3:PutObject", files),
        via("s3:DeleteObject", files),
        via("s3:ListBucket", "arn:aws:s3:::lake", **{"s3:prefix": "hr/"}),
        via("glue:GetTable", f"{GLUE}:table/shop/secrets"),
        via("glue:GetTable", f"{GLUE}:table/hr/orders"),
        via("glue:CreateTable", f"{GLUE}:table/shop/orders"),
        via("glue:DeleteTable", f"{GLUE}:table/shop/orders"),
        via("glue:UpdateTable", f"{GLUE}:table/shop/orders"),
        asker.may("athena:StartQueryExecution", f"arn:aws:athena:us-east-1:{ACCOUNT}:workgroup/primary"),
        asker.may("athena:UpdateWorkGroup", workgroup),
        asker.may("lakeformation:GetDataAccess", "*"),
        asker.may("dynamodb:Scan", asker.table),
    ]

    decisions = evaluate([*allowed, *denied])

    assert [one.request.action for one in decisions[: len(allowed)] if not one.allowed] == []
    assert [
        one.request.action for one in decisions[len(allowed) :] if one.outcome is not Outcome.IMPLICITLY_DENIED
    ] == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"database": "Shop"}, "database is 'Shop'"),
        ({"tables": []}, "tables has 0: give 1 to 20"),
        ({"max_rows": 501}, "max_rows is 501: give 1 to 500"),
        ({"max_mib_scanned": 9}, "max_mib_scanned is 9: give at least 10"),
        ({"query_time": Duration.seconds(121)}, "query_time is 121 seconds"),
        ({"result_retention": Duration.hours(30)}, "result_retention is 1.25 days"),
    ],
)
def test_refuses_what_its_parts_do_not_allow(changes: dict[str, Any], fault: str, bad_estate: Estate) -> None:
    """At synth, in the words of the prop."""
    with pytest.raises(AssistantError, match=fault):
        _insight(bad_estate, f"Wrong{abs(hash(fault))}", **changes)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"name": "Orders"}, "'Orders' is not a name in lower case"),
        ({"name": "order"}, "is called like a word of SQL"),
        ({"columns": {}}, "declares no columns"),
        ({"columns": {"a b": "double"}}, "'a b' is not a name"),
        ({"about": ""}, "has an about of 0 characters"),
        ({"prefix": "shop/*"}, "has prefix 'shop/*'"),
        ({"prefix": "shop"}, "has prefix 'shop'"),
    ],
)
def test_refuses_a_table_that_says_too_little(changes: dict[str, Any], fault: str, bad_estate: Estate) -> None:
    """With its name."""
    assert any(fault in one for one in _table(bad_estate, **changes).faults())


@pytest.fixture(scope="module")
def bad_estate() -> Estate:
    """An estate for answers that are refused."""
    return make_estate()

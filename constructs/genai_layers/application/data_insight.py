"""Questions about data: a model writes SQL, rules decide, Athena reads, and nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Unpack

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from genai_layers.application import data_tables
from genai_layers.application.assistant import Assistant
from genai_layers.application.assistant_options import AssistantOptions
from genai_layers.application.data_tables import DataTable
from genai_layers.application.query_workgroup import VIA_ATHENA, QueryWorkgroup
from genai_layers.foundation import InterfaceEndpoint, KeyUse
from genai_layers.foundation.nag import acknowledge
from genai_layers.platform.interfaces import IModel

ROUTES = ("POST /insight", "GET /insight/tables", "GET /insight/openapi.json")
"""What the function answers; a test holds it against the function's own list."""


class DataInsight(Assistant):
    """
    Answers questions about declared tables with rows, the statement that brought them, and a summary.

    A statement runs only as one SELECT of declared columns from declared tables, with a bound on rows, time and what
    it reads. The role behind it can read these tables through Athena and in no other way, and can change nothing.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new table of counts and a new workgroup.
        model: Writes statements and sums up.
        database: Database of the Glue catalog, in lower case.
        tables: What may be read. Where Lake Formation guards them, grant SELECT on these columns to
            `grant_principal` there.
        access_logs: Bucket for the access log of the results' bucket.
        max_rows: Rows of an answer, 1 to 500. Default: 100.
        max_mib_scanned: What one statement may read, MiB, at least 10. Default: 1,024, half a US cent.
        query_time: Longest run of a statement, 5 to 120 seconds. Default: 30 seconds.
        result_retention: How long results are kept in their bucket, in whole days. Default: 1 day.
        options: What every application is asked for with; see `AssistantOptions`.

    Attributes:
        workgroup: Where statements run.

    Raises:
        AssistantError: Names every fault.

    Example:
        DataInsight(self, "Insight", model=model, database="shop", tables=[DataTable(name="orders", ...)],
                    access_logs=logs.bucket, vpc=network.vpc, key=data_key.key, log_key=log_key.key,
                    guardrail=guardrail, api=api)
    """

    REQUIRED_ENDPOINTS = (InterfaceEndpoint.BEDROCK_RUNTIME, InterfaceEndpoint.ATHENA)
    REQUIRED_KEY_USES = (KeyUse.DYNAMODB, KeyUse.S3)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        model: IModel,
        database: str,
        tables: Sequence[DataTable],
        access_logs: s3.IBucket,
        max_rows: int = 100,
        max_mib_scanned: int = 1_024,
        query_time: Duration | None = None,
        result_retention: Duration | None = None,
        **options: Unpack[AssistantOptions],
    ) -> None:
        longest = Duration.seconds(30) if query_time is None else query_time
        kept = Duration.days(1) if result_retention is None else result_retention
        faults = data_tables.faults_of(tables, database)
        faults += _faults(max_rows, max_mib_scanned, longest, kept)
        settings = {
            "DATABASE": database,
            "TABLES": data_tables.declared(tables),
            "MAX_ROWS": str(max_rows),
            "QUERY_SECONDS": str(int(longest.to_seconds())),
        }
        super().__init__(
            scope,
            id,
            handler_folder="insight",
            description="answers questions about data",
            routes=ROUTES,
            models={"Insight": model},
            options=options,
            settings=settings,
            faults=faults,
        )
        self.workgroup = QueryWorkgroup(
            self,
            "Workgroup",
            key=options["key"],
            access_logs=access_logs,
            max_mib_scanned=max_mib_scanned,
            result_retention=kept,
            removal_policy=options.get("removal_policy", RemovalPolicy.RETAIN),
        )
        self.function.add_environment("WORKGROUP", self.workgroup.name)
        self.workgroup.grant_query(self._function)
        self._read(database, tables)

    def _read(self, database: str, tables: Sequence[DataTable]) -> None:
        """Let the role read catalog and files of *tables* through Athena."""
        stack = Stack.of(self)

        def glue(resource: str, name: str | None = None) -> str:
            return stack.format_arn(service="glue", resource=resource, resource_name=name)

        self._allow(
            "ReadCatalog",
            [
                "glue:BatchGetPartition",
                "glue:GetDatabase",
                "glue:GetPartition",
                "glue:GetPartitions",
                "glue:GetTable",
                "glue:GetTables",
            ],
            [
                glue("catalog"),
                glue("database", database),
                *(glue("table", f"{database}/{table.name}") for table in tables),
            ],
        )
        files = list(dict.fromkeys(table.bucket.arn_for_objects(f"{table.prefix}*") for table in tables))
        self._allow("ReadFiles", ["s3:GetObject"], files)
        for number, (bucket, prefixes) in enumerate(_by_bucket(tables).items()):
            arn = bucket
            self._allow(f"LocateFiles{number}", ["s3:GetBucketLocation"], [arn])
            self._allow(
                f"ListFiles{number}",
                ["s3:ListBucket"],
                [arn],
                {"StringLike": {"s3:prefix": [f"{prefix}*" for prefix in prefixes]}},
            )
        keys = list(dict.fromkeys(table.files_key.key_arn for table in tables if table.files_key is not None))
        if keys:
            self._allow("DecryptFiles", ["kms:Decrypt"], keys)
        acknowledge(
            self._function.role,
            *(f"AwsSolutions-IAM5[Resource::{one}]" for one in (*files, self.workgroup.results_arn)),
            reason="The wildcard stands at the end of the prefix of a declared table or of the results, whose objects "
            "have names that nobody knows beforehand; tables are read through Athena alone.",
        )

    def _allow(
        self, sid: str, actions: list[str], resources: list[str], more: Mapping[str, object] | None = None
    ) -> None:
        self.grant_principal.add_to_principal_policy(
            iam.PolicyStatement(
                sid=sid, actions=actions, resources=resources, conditions={**VIA_ATHENA, **(more or {})}
            )
        )

    def metric_refused_statements(self) -> cloudwatch.Metric:
        """Return how many statements of the model were refused before they ran."""
        return self.metric("StatementRefused")


def _by_bucket(tables: Sequence[DataTable]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for table in tables:
        found.setdefault(table.bucket.bucket_arn, []).append(table.prefix)
    return found


def _faults(max_rows: int, max_mib_scanned: int, longest: Duration, kept: Duration) -> list[str]:
    faults = []
    if not 1 <= max_rows <= 500:
        faults.append(f"max_rows is {max_rows}: give 1 to 500")
    if max_mib_scanned < 10:
        faults.append(f"max_mib_scanned is {max_mib_scanned}: give at least 10, which Athena bills anyway")
    if not 5 <= longest.to_seconds() <= 120:
        faults.append(f"query_time is {longest.to_seconds():g} seconds: give 5 to 120")
    days = kept.to_days(integral=False)
    if days < 1 or days != int(days):
        faults.append(f"result_retention is {days:g} days: give whole days, at least 1")
    return faults

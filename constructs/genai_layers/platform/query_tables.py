"""The tables that a knowledge base asks about."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import IConstruct

from genai_layers.foundation import wildcard_resource


@dataclass(frozen=True, slots=True, kw_only=True)
class RedshiftTables:
    """
    Tables in a database of the warehouse.

    Attributes:
        database: The database.
    """

    database: str

    @property
    def databases(self) -> Sequence[str]:
        """Databases of the warehouse that are asked."""
        return (self.database,)

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        return [] if 1 <= len(self.database) <= 200 else ["database has no name, or one of more than 200 characters"]

    def render(self) -> dict[str, object]:
        """Return the settings as CloudFormation wants them."""
        return {"type": "REDSHIFT", "redshiftConfiguration": {"databaseName": self.database}}

    def statements(self, stack: Stack) -> Sequence[iam.PolicyStatement]:  # noqa: ARG002 - the engine has them all
        """
        Return what the role must be allowed besides asking the warehouse: nothing.

        Args:
            stack: Stack of the knowledge base.
        """
        return ()

    def accepted(self, scope: IConstruct) -> Mapping[str, str]:  # noqa: ARG002 - the same everywhere
        """
        Return the findings that they bring: there are none.

        Args:
            scope: Construct of the knowledge base.
        """
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogTables:
    """
    Tables in the Glue Data Catalog, which the warehouse reads from their buckets.

    Where Lake Formation guards them, the role needs DESCRIBE and SELECT there too.

    Attributes:
        tables: Tables as `database.table`, or `database.*` for all of one; 1 to 1,000.
    """

    tables: Sequence[str]

    @property
    def databases(self) -> Sequence[str]:
        """Database of the warehouse through which the catalog is read."""
        return ("awsdatacatalog",)

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        faults = [
            f"table {table!r} has no database: write it as sales.orders"
            for table in self.tables
            if not re.fullmatch(r"[^.*]+\.([^.*]+|\*)", table)
        ]
        if not 1 <= len(self.tables) <= 1000:
            faults.append(f"there are {len(self.tables)} tables, allowed are 1 to 1000")
        return faults

    def render(self) -> dict[str, object]:
        """Return the settings as CloudFormation wants them."""
        return {"type": "AWS_DATA_CATALOG", "awsDataCatalogConfiguration": {"tableNames": list(self.tables)}}

    def statements(self, stack: Stack) -> Sequence[iam.PolicyStatement]:
        """
        Return what the role must be allowed: to read what the catalog says of these tables.

        Args:
            stack: Gives partition, region and account.
        """
        read = ("GetDatabase", "GetDatabases", "GetPartition", "GetPartitions", "GetTable", "GetTables", "SearchTables")
        return [iam.PolicyStatement(actions=[f"glue:{action}" for action in read], resources=self._arns(stack))]

    def accepted(self, scope: IConstruct) -> Mapping[str, str]:
        """
        Return the findings that they bring.

        Args:
            scope: Construct of the knowledge base.
        """
        reason = "Every table of this database may be asked, as its name with a star says."
        return {wildcard_resource(scope, arn): reason for arn in self._arns(Stack.of(scope)) if arn.endswith("*")}

    def _arns(self, stack: Stack) -> list[str]:
        names = [table.split(".") for table in self.tables]
        databases = dict.fromkeys(database for database, _ in names)
        return [
            stack.format_arn(service="glue", resource="catalog"),
            *(stack.format_arn(service="glue", resource="database", resource_name=one) for one in databases),
            *(stack.format_arn(service="glue", resource="table", resource_name="/".join(one)) for one in names),
        ]

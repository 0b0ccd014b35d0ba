"""Which words of SQL a statement may hold; whatever is not here is refused."""

from __future__ import annotations

KEYWORDS = frozenset(
    [
        "select",
        "distinct",
        "from",
        "where",
        "group",
        "by",
        "having",
        "order",
        "asc",
        "desc",
        "nulls",
        "first",
        "last",
        "limit",
        "join",
        "inner",
        "left",
        "right",
        "outer",
        "on",
        "and",
        "or",
        "not",
        "in",
        "is",
        "null",
        "like",
        "escape",
        "between",
        "case",
        "when",
        "then",
        "else",
        "end",
        "as",
        "true",
        "false",
        "interval",
        "over",
        "partition",
        "exists",
        "current_date",
        "day",
        "month",
        "year",
        "hour",
        "minute",
        "second",
    ]
)
"""Words with a meaning of their own. No WITH, no set operations, no CROSS, no UNNEST, nothing that changes anything."""

UNRESERVED = frozenset(
    [
        "asc",
        "desc",
        "nulls",
        "first",
        "last",
        "limit",
        "interval",
        "over",
        "partition",
        "day",
        "month",
        "year",
        "hour",
        "minute",
        "second",
    ]
)
"""Those of them that may also be the name of a column."""

TYPES = frozenset(["varchar", "bigint", "integer", "int", "double", "real", "decimal", "date", "timestamp", "boolean"])
"""Types that a value may be cast to, and that a literal may begin with."""

FUNCTIONS = frozenset(
    [
        "count",
        "sum",
        "avg",
        "min",
        "max",
        "stddev",
        "variance",
        "approx_distinct",
        "approx_percentile",
        "round",
        "abs",
        "ceil",
        "ceiling",
        "floor",
        "mod",
        "power",
        "sqrt",
        "lower",
        "upper",
        "length",
        "substr",
        "substring",
        "trim",
        "replace",
        "concat",
        "coalesce",
        "nullif",
        "if",
        "cast",
        "try_cast",
        "date_trunc",
        "date_diff",
        "date_add",
        "date_format",
        "date",
        "year",
        "month",
        "day",
        "day_of_week",
        "hour",
        "row_number",
        "rank",
        "dense_rank",
        "lag",
        "lead",
        "greatest",
        "least",
    ]
)
"""Functions that read what they are given and nothing else, in time that grows with it."""

BEFORE_A_BRACKET = frozenset(
    [
        "from",
        "join",
        "on",
        "where",
        "and",
        "or",
        "not",
        "in",
        "by",
        "having",
        "over",
        "exists",
        "when",
        "then",
        "else",
        "between",
        "like",
        "as",
        "select",
        "distinct",
        "case",
    ]
)
"""Keywords that a bracket may follow."""

AFTER_A_SOURCE = frozenset(
    ("on", "join", "inner", "left", "right", "where", "group", "having", "order", "limit", ")", ",")
)
"""What may stand after a table and its name; the comma is refused with words of its own."""

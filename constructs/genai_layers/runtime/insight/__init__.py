"""The function behind questions about data: a model writes SQL, rules decide, Athena reads, nothing is changed."""

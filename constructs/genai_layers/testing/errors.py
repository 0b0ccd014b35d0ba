"""What the test helpers raise."""


class PolicyTestError(ValueError):
    """A policy could not be read or evaluated, so nothing is proved either way."""


class EvaluatorMissingError(PolicyTestError):
    """The IAM evaluator is not installed; the message says how to install it."""


class UnresolvedError(PolicyTestError):
    """A template refers to something that it does not hold; the message says what to pass."""

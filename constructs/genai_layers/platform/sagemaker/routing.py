"""Which machine or copy a request goes to."""

from dataclasses import dataclass

# API reference, PrefixAwareRoutingConfig.
_PREFIX_CHARACTERS = (1024, 65536)


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """
    A way to choose; make one with the class methods.

    Attributes:
        strategy: In the words of the service.
        prefix_length: Characters of a request that are compared, where the beginning decides.
        concurrency_threshold: Requests in hand from which another machine is taken all the same.
    """

    strategy: str
    prefix_length: int | None = None
    concurrency_threshold: int | None = None

    @classmethod
    def least_outstanding(cls) -> "Routing":
        """Return the one with the fewest requests in hand."""
        return cls(strategy="LEAST_OUTSTANDING_REQUESTS")

    @classmethod
    def prefix_aware(cls, *, prefix_length: int = 4096, concurrency_threshold: int | None = None) -> "Routing":
        """
        Return the one that has seen the beginning of the request, whose cache then spares the work.

        Args:
            prefix_length: Characters that are compared, 1024 to 65536. Default: 4096.
            concurrency_threshold: Requests in hand from which another is taken. Default: the service's own.
        """
        return cls(strategy="PREFIX_AWARE", prefix_length=prefix_length, concurrency_threshold=concurrency_threshold)

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        least, most = _PREFIX_CHARACTERS
        if self.prefix_length is None or least <= self.prefix_length <= most:
            return []
        return [f"routing prefix_length is {self.prefix_length}: choose {least} to {most}"]

    def render(self) -> dict[str, object]:
        """Return the settings as CloudFormation wants them."""
        settings: dict[str, object] = {"routingStrategy": self.strategy}
        if self.prefix_length is not None:
            prefix = {"prefixLength": self.prefix_length}
            if self.concurrency_threshold is not None:
                prefix["concurrencyThreshold"] = self.concurrency_threshold
            settings["prefixAwareRoutingConfig"] = prefix
        return settings

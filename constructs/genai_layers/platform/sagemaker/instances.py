"""How many machines an endpoint has."""

from dataclasses import dataclass

from genai_layers.foundation.nag import MINIMUM_REASON, says_why


@dataclass(frozen=True, slots=True, kw_only=True)
class Instances:
    """
    Bounds for the machines of an endpoint; make one with the class methods.

    SageMaker spreads the machines of an endpoint over availability zones, so two of them are the least that outlives
    the loss of a zone.

    Attributes:
        minimum: Lower bound.
        maximum: Upper bound.
        reason: Why there may be fewer than two; None when there never are.
    """

    minimum: int
    maximum: int
    reason: str | None = None

    @classmethod
    def between(cls, minimum: int, maximum: int) -> "Instances":
        """
        Return two machines or more.

        Args:
            minimum: At least 2.
            maximum: At least *minimum*.
        """
        return cls(minimum=minimum, maximum=maximum)

    @classmethod
    def single(cls, *, reason: str, maximum: int = 1) -> "Instances":
        """
        Return one machine, in one availability zone, that is away when the zone or the machine is.

        Args:
            reason: Why that is enough; lands in the acknowledgements.
            maximum: Upper bound. Default: 1.
        """
        return cls(minimum=1, maximum=maximum, reason=reason)

    @classmethod
    def scale_to_zero(cls, *, reason: str, maximum: int = 2) -> "Instances":
        """
        Return none while nobody asks, which costs nothing; the first requests fail for some minutes.

        Args:
            reason: Why callers can wait; lands in the acknowledgements.
            maximum: Upper bound. Default: 2.
        """
        return cls(minimum=0, maximum=maximum, reason=reason)

    @property
    def initial(self) -> int:
        """Machines at the start; SageMaker takes no 0 there."""
        return max(1, self.minimum)

    def faults(self, *, allows_zero: bool = True) -> list[str]:
        """
        Return why nobody could have it so.

        Args:
            allows_zero: The kind of endpoint can be without machines. Default: it can.
        """
        found = []
        if not 0 <= self.minimum <= self.maximum or self.maximum < 1:
            found.append(
                f"instances are {self.minimum} to {self.maximum}: choose 0 <= minimum <= maximum and 1 <= maximum"
            )
        if self.minimum == 0 and not allows_zero:
            found.append(
                "instances go down to 0, and this endpoint cannot be without one: use ModelEndpoint, whose models are "
                "inference components, or AsyncEndpoint"
            )
        if self.minimum < 2 and not says_why(self.reason or ""):
            found.append(
                f"instances are at least {self.minimum}, and fewer than 2 stand in one availability zone: choose 2, or "
                "Instances.single(reason=...) or Instances.scale_to_zero(reason=...) with at least "
                f"{MINIMUM_REASON} characters on why that is safe"
            )
        return found

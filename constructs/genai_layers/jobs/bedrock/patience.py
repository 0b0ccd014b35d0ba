"""How often a job is looked at, and for how long."""

from dataclasses import dataclass

from aws_cdk import Duration

# Step Functions developer guide, quotas: an execution holds 25,000 events. A look at a job takes eleven.
_EVENTS_AT_MOST = 25_000
_EVENTS_A_LOOK = 11
_EVENTS_AROUND = 8_000

# Retries, checks before the job and steps after it.
_AROUND = Duration.hours(4)


@dataclass(frozen=True, slots=True)
class Patience:
    """
    Time between two looks at a job, and the longest that it may run.

    Attributes:
        poll: Time between two looks.
        timeout: Longest run of the job; then it is stopped, where the service can, and the execution fails.
    """

    poll: Duration
    timeout: Duration

    @property
    def looks(self) -> int:
        """How often the job is looked at before time is out."""
        return max(1, round(self.timeout.to_seconds() / self.poll.to_seconds()))

    @property
    def execution(self) -> Duration:
        """Longest run of the execution, what is around the job included."""
        return self.timeout.plus(_AROUND)

    def faults(self) -> list[str]:
        """Return why these times would not work."""
        poll, timeout = self.poll.to_seconds(), self.timeout.to_seconds()
        if not 15 <= poll <= 3600:
            return [f"poll is {poll:g} seconds, allowed are 15 to 3600"]
        faults = []
        if timeout < poll:
            faults.append(f"timeout is {timeout:g} seconds, shorter than poll with {poll:g}: raise timeout")
        most = (_EVENTS_AT_MOST - _EVENTS_AROUND) // _EVENTS_A_LOOK
        if self.looks > most:
            faults.append(
                f"timeout of {timeout / 3600:g} hours with poll of {poll:g} seconds is {self.looks} looks at the job, "
                f"an execution has room for {most}: raise poll to {-(-timeout // most):g} seconds or more"
            )
        return faults

"""
What makes a fleet grow and shrink.
"""

from __future__ import annotations

from dataclasses import dataclass

from genai_layers.inference.engines import ServingEngine


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaling:
    """
    Figures that a fleet keeps itself at; make one with the class methods.

    With several, the fleet grows when one asks for it and shrinks when all agree.
    A machine that goes takes no more requests and ends those that are running.

    Attributes:
        waiting_requests: Mean requests that wait for a place on a machine; above it the fleet grows.
        cache_use: Mean share of the key-value cache in use, 0 to 1; the fleet grows above it and shrinks below it.
        time_to_first_token: Mean seconds to the first token; above it the fleet grows.
        requests_per_minute: Requests a minute and machine; the fleet grows above it and shrinks below it.
    """

    waiting_requests: float | None = None
    cache_use: float | None = None
    time_to_first_token: float | None = None
    requests_per_minute: float | None = None

    @classmethod
    def on_load(
        cls,
        *,
        waiting_requests: float = 1.0,
        cache_use: float | None = 0.7,
        time_to_first_token: float | None = None,
    ) -> Scaling:
        """
        What the engine says of itself, through the CloudWatch agent.

        Args:
            waiting_requests: Default: 1; a full machine makes requests wait, so any that wait are a reason to grow.
            cache_use: Default: 0.7, which leaves room for the requests that come while a new machine starts; None for
                engines without such a cache.
            time_to_first_token: Seconds. Default: not followed, since a long prompt takes long on any machine.
        """
        return cls(waiting_requests=waiting_requests, cache_use=cache_use, time_to_first_token=time_to_first_token)

    @classmethod
    def on_requests(cls, per_minute_and_machine: float) -> Scaling:
        """
        What the load balancer counts: for engines that tell nothing, and requests that are all alike.

        Args:
            per_minute_and_machine: Requests a minute that one machine serves well.
        """
        return cls(requests_per_minute=per_minute_and_machine)

    @classmethod
    def default_for(cls, engine: ServingEngine) -> Scaling:
        """
        Its load where *engine* tells it, else 60 requests a minute and machine.

        Args:
            engine: What the fleet runs.
        """
        if engine.waiting_metric is None:
            return cls.on_requests(60)
        return cls.on_load(cache_use=None if engine.cache_metric is None else 0.7)

    def faults(self, engine: ServingEngine) -> tuple[str, ...]:
        """
        Why a fleet of *engine* cannot keep itself at these figures.

        Args:
            engine: What the fleet runs.
        """
        found = []
        figures = {
            "waiting_requests": self.waiting_requests,
            "cache_use": self.cache_use,
            "time_to_first_token": self.time_to_first_token,
            "requests_per_minute": self.requests_per_minute,
        }
        if all(figure is None for figure in figures.values()):
            found.append("scaling follows nothing: use Scaling.on_load() or Scaling.on_requests(...)")
        found += [
            f"scaling has {name}={figure}: choose more than 0"
            for name, figure in figures.items()
            if figure is not None and figure <= 0
        ]
        if self.cache_use is not None and self.cache_use >= 1:
            found.append(f"scaling has cache_use={self.cache_use}: choose a share below 1")
        for figure, metric, word in (
            (self.waiting_requests, engine.waiting_metric, "waiting requests"),
            (self.cache_use, engine.cache_metric, "the use of a key-value cache"),
            (self.time_to_first_token, engine.latency_metric, "the time to the first token"),
        ):
            if figure is not None and metric is None:
                found.append(f"scaling follows {word}, which {engine.name} does not tell: use Scaling.on_requests(...)")
        return tuple(found)

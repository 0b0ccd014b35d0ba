"""
What can be wrong with a fleet's own props, whatever it serves.
"""

from __future__ import annotations

from aws_cdk import Duration, Stack, Token

from genai_layers.inference.capacity import Capacity
from genai_layers.inference.scale_to_zero import ScaleToZero
from genai_layers.inference.transport import Transport

# ELB API reference, deregistration delay; the idle timeout may be longer.
_MAX_REQUEST_SECONDS = 3600


def fleet_faults(
    stack: Stack,
    transport: Transport,
    request_timeout: Duration,
    min_machines: int,
    max_machines: int,
    scale_to_zero: ScaleToZero | None = None,
    capacity: Capacity | None = None,
) -> list[str]:
    """
    Return everything that is wrong, one sentence each.

    Args:
        stack: Where the fleet stands.
        transport: How requests travel.
        request_timeout: Longest silence of a request.
        min_machines: Lower bound.
        max_machines: Upper bound.
        scale_to_zero: When there is no machine; None: only when somebody says so.
        capacity: How machines are bought; None: on demand.
    """
    faults = list(transport.faults)
    if Token.is_unresolved(stack.region):
        faults.append(
            "the stack has no region, and the registry of the engine, the machines on offer and the account that "
            "delivers access logs differ by region: give the stack env=Environment(region=...)"
        )
    if min_machines < 0 or max_machines < 1 or min_machines > max_machines:
        faults.append(
            f"min_machines is {min_machines} and max_machines is {max_machines}: "
            "choose 0 <= min_machines <= max_machines and 1 <= max_machines"
        )
    if not 1 <= request_timeout.to_seconds() <= _MAX_REQUEST_SECONDS:
        faults.append(
            f"request_timeout is {request_timeout.to_seconds():g} seconds: choose 1 to {_MAX_REQUEST_SECONDS} seconds"
        )
    if scale_to_zero is not None:
        faults += scale_to_zero.faults(
            min_machines=min_machines, request_timeout=request_timeout, capacity=capacity or Capacity.on_demand()
        )
    return faults

"""
Whether the account may start the machines of an environment.

EC2 counts virtual CPUs by family: a new account has none of the families with accelerators, and a fleet then waits
for ever with a message that names no quota (cases 23 and 72).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import boto3

from genai_layers.catalog import instances, sizing
from genai_layers.catalog.errors import CatalogError
from genai_layers.preflight.deployable import Blocker
from genai_layers.preflight.quotas import Quota, quota
from genai_layers.settings import Settings

# EC2 user guide, "Amazon EC2 service quotas": virtual CPUs of running on-demand machines, by letters of the family;
# codes as Service Quotas lists them [C].
ON_DEMAND_CODES: Mapping[str, str] = {
    "dl": "L-6E869C2A",
    "f": "L-74FC7D96",
    "g": "L-DB2E81BA",
    "inf": "L-1945791B",
    "p": "L-417A185B",
    "trn": "L-2C3B7624",
    "vt": "L-DB2E81BA",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaFindings:
    """
    What the quotas say of an environment.

    Attributes:
        blockers: What stops a deploy.
        notices: What does not stop it, and will be in the way later.
    """

    blockers: tuple[Blocker, ...] = ()
    notices: tuple[Blocker, ...] = ()


def machine_quotas(settings: Settings, session: boto3.Session) -> QuotaFindings:
    """
    Return whether the account may run the machines of *settings*.

    Args:
        settings: The environment.
        session: Credentials; its own region is not used.
    """
    wanted = settings.inference
    if not wanted.enabled:
        return QuotaFindings()
    by_code = _by_code(_machines(settings))
    found = {code: quota(session, settings.region, service="ec2", code=code) for code in by_code}
    unread = tuple(one for one in found.values() if isinstance(one, Blocker))
    known = {code: one for code, one in found.items() if isinstance(one, Quota)}
    if not known:
        return QuotaFindings(notices=unread)
    possible = sum(int(one.value // min(item.vcpus for item in by_code[code])) for code, one in known.items())
    least, most = max(1, wanted.min_machines), wanted.max_machines
    if possible >= most:
        return QuotaFindings(notices=unread)
    says = tuple(_says(one, by_code[code], least if possible < least else most) for code, one in known.items())
    if possible < least and wanted.min_machines:
        return QuotaFindings(blockers=says, notices=unread)
    return QuotaFindings(notices=(*says, *unread))


def quota_code(instance_type: str) -> str | None:
    """
    Return the code of the quota that on-demand machines of a type count towards; None for a family not in the table.

    Args:
        instance_type: Name in EC2.

    Example:
        >>> quota_code("g6.xlarge")
        'L-DB2E81BA'
    """
    letters = ""
    for character in instance_type:
        if not character.isalpha():
            break
        letters += character
    return ON_DEMAND_CODES.get(letters)


def _machines(settings: Settings) -> Sequence[instances.InstanceType]:
    wanted = settings.inference
    try:
        if wanted.instance_types:
            return [instances.get(name) for name in wanted.instance_types]
        fit = sizing.cheapest(wanted.model, region=settings.region, max_model_len=wanted.max_model_len)
    except CatalogError:
        # The synth refuses these settings with a message of its own.
        return ()
    return [fit.instance]


def _by_code(machines: Sequence[instances.InstanceType]) -> dict[str, list[instances.InstanceType]]:
    found: dict[str, list[instances.InstanceType]] = {}
    for machine in machines:
        code = quota_code(machine.name)
        if code is not None:
            found.setdefault(code, []).append(machine)
    return found


def _says(one: Quota, machines: Sequence[instances.InstanceType], count: int) -> Blocker:
    smallest = min(machines, key=lambda item: item.vcpus)
    return Blocker(
        f"{count} x {smallest.name} take {count * smallest.vcpus} vCPUs, and the account may run {one.value:g} of"
        f" quota {one.code} ({one.name}) in {one.region}",
        f"{one.where_to_ask}; or choose other inference.instance_types, or fewer machines",
    )

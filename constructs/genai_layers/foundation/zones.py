"""The availability zones of a network, by id or by order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Fn

from genai_layers.catalog import regions
from genai_layers.foundation.address_plan import MOST_ZONES
from genai_layers.foundation.errors import NetworkError

_FEWEST = 2
_ID = re.compile(r"[a-z]{2,5}\d-az\d{1,2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """
    Where a subnet lies.

    Attributes:
        index: Position within the network, from 0.
        id: Zone id, such as `use1-az4`, which is the same place in every account. None: by order.
    """

    index: int
    id: str | None

    @property
    def name(self) -> str | None:
        """Zone name as a token that AWS fills in at deploy time; None where the zone is given by id."""
        return None if self.id is not None else Fn.select(self.index, Fn.get_azs())


def zones(count: int, ids: Sequence[str], region: str | None = None) -> tuple[Zone, ...]:
    """
    Return the zones of a network.

    Args:
        count: How many zones, where no ids are given.
        ids: Zone ids; they win over *count*.
        region: Region of the network. Default: not known before it is deployed.

    Raises:
        NetworkError: Too few, too many, the same one twice, an id of the wrong shape or of another region.
    """
    chosen: Sequence[str | None] = ids or [None] * count
    faults = []
    if not _FEWEST <= len(chosen) <= MOST_ZONES:
        what = f"zone_ids names {len(ids)} zones" if ids else f"zone_count is {count}"
        faults.append(f"{what}: choose {_FEWEST} to {MOST_ZONES}, since load balancers need two")
    if len(set(ids)) != len(ids):
        faults.append(f"zone_ids {list(ids)} names a zone twice: name each once")
    faults += [
        f"zone_ids has {each!r}, which is no zone id: take one such as use1-az4, not a zone name"
        for each in ids
        if not _ID.fullmatch(each)
    ]
    # The catalog may not know every zone of a region, but all of them begin alike: `use1-`.
    known = regions.zones(region) if region is not None else ()
    faults += [
        f"zone_ids has {each!r}, which is not in region {region!r}: its zones are like {known[0]}"
        for each in ids
        if known and _ID.fullmatch(each) and each.partition("-")[0] != known[0].partition("-")[0]
    ]
    if faults:
        raise NetworkError(faults)
    return tuple(Zone(index=index, id=each) for index, each in enumerate(chosen))

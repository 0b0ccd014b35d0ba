"""Which addresses each subnet of a network gets."""

import ipaddress
from dataclasses import dataclass

from genai_layers.foundation.errors import NetworkError

MOST_ZONES = 6
_LARGEST, _SMALLEST = 16, 22
# RFC 1918, and RFC 6598 for those who have run out of it.
_PRIVATE = tuple(
    ipaddress.IPv4Network(each) for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressPlan:
    """
    Sixteen equal parts of a network: one a zone for isolated subnets, one a zone for subnets with egress.

    Every subnet has its place for good, whether or not it is used: a zone or a NAT gateway that comes later
    moves no other subnet, which CloudFormation could only do by replacing it with all that is in it.

    Attributes:
        network: Address range of the whole network.
    """

    network: ipaddress.IPv4Network

    @classmethod
    def of(cls, cidr: str) -> "AddressPlan":
        """
        Return the plan of an address range.

        Args:
            cidr: A private range of /16 to /22, such as `10.0.0.0/16`.

        Raises:
            NetworkError: It is no such range.

        Example:
            >>> AddressPlan.of("10.0.0.0/16").isolated(1)
            '10.0.16.0/20'
        """
        try:
            network = ipaddress.IPv4Network(cidr)
        except ValueError as error:
            raise NetworkError([f"cidr {cidr!r} is no IPv4 range ({error}): give one such as 10.0.0.0/16"]) from None
        faults = []
        if not _LARGEST <= network.prefixlen <= _SMALLEST:
            faults.append(f"cidr {cidr!r} is a /{network.prefixlen}: choose /{_LARGEST} to /{_SMALLEST}")
        if not any(network.subnet_of(private) for private in _PRIVATE):
            faults.append(f"cidr {cidr!r} is not private: choose one within {', '.join(map(str, _PRIVATE))}")
        if faults:
            raise NetworkError(faults)
        return cls(network=network)

    def isolated(self, zone: int) -> str:
        """
        Return the range of the isolated subnet of a zone.

        Args:
            zone: Position of the zone, from 0.
        """
        return self._part(zone)

    def egress(self, zone: int) -> str:
        """
        Return the range of the private subnet with egress of a zone.

        Args:
            zone: Position of the zone, from 0.
        """
        return self._part(MOST_ZONES + zone)

    def public(self, zone: int) -> str:
        """
        Return the range of the public subnet of a zone, a quarter of the others.

        Args:
            zone: Position of the zone, from 0.
        """
        part, quarter = divmod(zone, 4)
        parent = ipaddress.IPv4Network(self._part(2 * MOST_ZONES + part))
        return str(list(parent.subnets(prefixlen_diff=2))[quarter])

    def _part(self, index: int) -> str:
        return str(list(self.network.subnets(prefixlen_diff=4))[index])

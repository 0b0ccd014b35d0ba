"""Which EC2 instance types run on the Nitro System."""

import re

_FAMILIES = """
c1 c3 c4 cc1 cc2 cg1 cr1 d2 f1 g2 g3 g3s h1 hi1 hs1 i2 i3 m1 m2 m3 m4 p2 p3 r3 r4 t1 t2 x1 x1e
"""

XEN_FAMILIES = frozenset(_FAMILIES.split())
"""
Families that run under Xen.

A closed list: AWS has launched on Nitro alone since 2018 (EC2 user guide, "Instances built on the AWS Nitro
System", read 2026-11-25). `p3dn` and every `.metal` size are Nitro.
"""

_FAMILY = re.compile(r"([a-z][a-z0-9-]*)\.[a-z0-9*-]+")


def is_nitro(instance_type: str) -> bool:
    """
    Return whether *instance_type*, or every type that a pattern such as `g6.*` means, runs on Nitro.

    What does not read like an instance type is not Nitro.

    Example:
        >>> is_nitro("g6e.2xlarge"), is_nitro("p3.2xlarge"), is_nitro("i3.metal"), is_nitro("g6e")
        (True, False, True, False)
    """
    match = _FAMILY.fullmatch(instance_type)
    if match is None:
        return False
    return instance_type.endswith(".metal") or match.group(1) not in XEN_FAMILIES

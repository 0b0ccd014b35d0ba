"""Taking every rule from a security group."""

from typing import Any, Protocol


class SecurityGroups(Protocol):
    """What is used of the EC2 client."""

    def describe_security_groups(self, **request: Any) -> dict[str, Any]:
        """Return the groups that *request* names."""
        ...

    def revoke_security_group_ingress(self, **request: Any) -> dict[str, Any]:
        """Take rules for what comes in."""
        ...

    def revoke_security_group_egress(self, **request: Any) -> dict[str, Any]:
        """Take rules for what goes out."""
        ...


def close(group_id: str, ec2: SecurityGroups) -> int:
    """
    Take every rule from a group and return how many there were; a group without rules stays as it is.

    Args:
        group_id: Id of the group.
        ec2: Client of EC2.
    """
    (group,) = ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"]
    incoming, outgoing = group.get("IpPermissions", []), group.get("IpPermissionsEgress", [])
    if incoming:
        ec2.revoke_security_group_ingress(GroupId=group_id, IpPermissions=incoming)
    if outgoing:
        ec2.revoke_security_group_egress(GroupId=group_id, IpPermissions=outgoing)
    return len(incoming) + len(outgoing)

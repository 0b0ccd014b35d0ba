"""People who may do the same inside Studio."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from genai_layers.platform.sagemaker.studio.errors import StudioError
from genai_layers.platform.sagemaker.studio.studio_role import StudioRole

if TYPE_CHECKING:
    from genai_layers.platform.sagemaker.studio.studio_domain import StudioDomain

_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")


class StudioGroup(Construct):
    """
    A role, and a profile for each of its people; made by `StudioDomain.add_group`.

    Grants of buckets, endpoints and jobs go to the role: `bucket.grant_read(group.role)`.

    Args:
        scope: The construct this one belongs to.
        id: Name within the domain; changing it makes new profiles.
        domain: The domain.
        people: Names of the people, as IAM Identity Center knows them where they sign in through it.
        instance_types: Machines that their apps may take.
        key: Key of their volumes.

    Attributes:
        role: What they work with.
        profiles: The profile of each, by name.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        domain: "StudioDomain",
        people: Sequence[str],
        instance_types: Sequence[str],
        key: kms.IKey,
    ) -> None:
        super().__init__(scope, id)
        self._domain = domain
        self.role = StudioRole(self, "Role", instance_types=instance_types, key=key)
        settings = {"executionRole": self.role.role_arn, "securityGroups": [domain.security_group.security_group_id]}
        self.profiles = {
            person: sagemaker.CfnUserProfile(
                self,
                f"Profile-{profile_name(person)}",
                domain_id=domain.domain_id,
                user_profile_name=profile_name(person),
                single_sign_on_user_identifier="UserName" if domain.signs_in_through_sso else None,
                single_sign_on_user_value=person if domain.signs_in_through_sso else None,
                user_settings=settings,
            )
            for person in people
        }
        self.role.work_in(domain.domain_id, [self.profile_arn(person) for person in people])
        for profile in self.profiles.values():
            # Whoever opens it works under all of the policy at once.
            profile.node.add_dependency(self.role)

    def profile_arn(self, person: str) -> str:
        """
        Return the ARN of a profile.

        Args:
            person: Whose; in small letters there, as SageMaker writes ARNs.
        """
        return Stack.of(self).format_arn(
            service="sagemaker",
            resource="user-profile",
            resource_name=f"{self._domain.domain_id}/{profile_name(person).lower()}",
        )

    def grant_open(self, grantee: iam.IGrantable, person: str) -> iam.Grant:
        """
        Let *grantee* open Studio as one person of the group, with a second factor.

        A user or a group of IAM is asked for the factor by the statement. A role is not, since its sessions carry no
        sign of it: let people take on a role that asks for it, as those of `AccessControl` do.

        Args:
            grantee: Who may.
            person: As whom.

        Raises:
            StudioError: Nobody of the group has that name.
        """
        if person not in self.profiles:
            raise StudioError(
                [f"person {person!r} is not of the group: choose {', '.join(self.profiles)}, or add the person to it"]
            )
        asks = isinstance(grantee, iam.User | iam.Group)
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["sagemaker:CreatePresignedDomainUrl"],
            resource_arns=[self.profile_arn(person)],
            conditions={"Bool": {"aws:MultiFactorAuthPresent": "true"}} if asks else None,
        )


def profile_name(person: str) -> str:
    """
    Return the name of a profile: that of the person, with dashes for what SageMaker does not take.

    Args:
        person: Name of the person, such as `ann@example.com`.
    """
    return re.sub(r"[^a-zA-Z0-9]+", "-", person).strip("-")


def people_faults(people: Sequence[str], *, through_sso: bool) -> list[str]:
    """
    Return what the service would refuse of names.

    Args:
        people: Names of the people.
        through_sso: They are names of IAM Identity Center, which may hold more than those of profiles.
    """
    found = ["people is empty: name at least one person"] if not people else []
    names: dict[str, str] = {}
    for person in people:
        name = profile_name(person)
        if not _NAME.fullmatch(name if through_sso else person):
            found.append(f"person {person!r} makes no name of a profile: give 1 to 63 letters, digits and dashes")
        elif name in names:
            found.append(f"people {names[name]!r} and {person!r} would share the profile {name!r}: leave one out")
        names.setdefault(name, person)
    return found

"""The roles of people, which only a fresh second factor opens."""

from collections.abc import Mapping, Sequence

from aws_cdk import Duration, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import Construct

from genai_layers.foundation import people
from genai_layers.foundation.boundary import Boundary
from genai_layers.foundation.errors import AccessError
from genai_layers.foundation.nag import acknowledge
from genai_layers.foundation.person import Person
from genai_layers.foundation.person_role import PersonRole
from genai_layers.foundation.require_mfa import RequireMfa
from genai_layers.foundation.wildcards import wildcard_resource

_SHORTEST, _LONGEST = Duration.minutes(5), Duration.hours(12)


class AccessControl(Construct):
    """
    Four roles for people, and the boundary of every role that the app makes.

    A role opens only to someone who gave a second factor within *mfa_max_age*; a long-lived access key alone
    never opens one. The role session itself carries no sign of the second factor, so it is asked for
    at the door and nowhere behind it (decision 0008).

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes new roles.
        trusted: Accounts, users or roles whose people may take on the roles; they still need `sts:AssumeRole`
            in their own policies.
        mfa_max_age: Longest time since the second factor was given, 5 minutes to 12 hours.
        resource_tags: Tags that mark what people may act on, such as those of an environment. Default: none; they
            may act on everything of the account that their actions reach.
        alarm_topic: Topic that hears at once when break-glass is used. Default: none; add one later with
            `alarm_break_glass`.

    Attributes:
        operator: Watches everything; starts, stops and scales what is there. Sessions of 4 hours.
        data_scientist: Uses models behind the guardrails, runs jobs. Sessions of 8 hours.
        auditor: Reads configuration and trails, no data. Sessions of 8 hours.
        break_glass: Everything within the boundary. Sessions of 1 hour.
        roles: The four by name, as `Operator`, `DataScientist`, `Auditor`, `BreakGlass`.
        boundary: The permissions boundary.
        require_mfa: Policy for the IAM users or groups of people: without a second factor they can do nothing
            but enrol one. It is attached to nobody.

    Raises:
        AccessError: Nobody is trusted, everybody is, or *mfa_max_age* is out of range.

    Example:
        access = AccessControl(self, "Access", trusted=[iam.AccountRootPrincipal()], mfa_max_age=Duration.hours(1))
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        trusted: Sequence[iam.IPrincipal],
        mfa_max_age: Duration,
        resource_tags: Mapping[str, str] | None = None,
        alarm_topic: sns.ITopic | None = None,
    ) -> None:
        super().__init__(scope, id)
        _check(trusted, mfa_max_age)
        self.boundary = Boundary(self, "Boundary")
        self.require_mfa = RequireMfa(self, "RequireMfa")

        def role(id: str, person: Person) -> PersonRole:
            return PersonRole(
                self,
                id,
                person=person,
                boundary=self.boundary,
                mfa_max_age=mfa_max_age,
                resource_tags=resource_tags or {},
                trusted=trusted,
            )

        self.operator = role("Operator", people.OPERATOR)
        self.data_scientist = role("DataScientist", people.DATA_SCIENTIST)
        self.auditor = role("Auditor", people.AUDITOR)
        self.break_glass = role("BreakGlass", people.ADMINISTRATOR)
        acknowledge(
            self.data_scientist,
            wildcard_resource(self, people.app_roles(Stack.of(self))),
            reason="A data scientist may hand a job any role of the app, and only to Bedrock and SageMaker; the path "
            "keeps every other role of the account out.",
        )
        self.roles: Mapping[str, iam.Role] = {
            "Operator": self.operator,
            "DataScientist": self.data_scientist,
            "Auditor": self.auditor,
            "BreakGlass": self.break_glass,
        }
        if alarm_topic is not None:
            self.alarm_break_glass(self, "BreakGlassUsed", topic=alarm_topic)

    def alarm_break_glass(self, scope: Construct, id: str, *, topic: sns.ITopic) -> events.Rule:
        """
        Tell *topic* at once when someone takes on the break-glass role, or tries to.

        It needs a trail that records management events, such as `AuditTrail`.

        Args:
            scope: Where the rule belongs; the stack of the topic, so that stacks depend in one direction.
            id: Name of the rule within *scope*.
            topic: Topic to tell. Its key, if any, needs `KeyUse.EVENTBRIDGE`.

        Returns:
            The rule.
        """
        return events.Rule(
            scope,
            id,
            description="the break-glass role was used or tried",
            event_pattern=events.EventPattern(
                source=["aws.sts"],
                detail_type=["AWS API Call via CloudTrail"],
                detail={
                    "eventName": ["AssumeRole"],
                    "requestParameters": {"roleArn": [self.break_glass.role_arn]},
                },
            ),
            targets=[targets.SnsTopic(topic)],
        )

    def share_training_data(self, bucket: s3.Bucket) -> None:
        """
        Let data scientists read and add objects of *bucket*; nobody may delete through this.

        The grant is in the policy of the bucket, so that the stack of the bucket depends on this one and not
        the other way round.

        Args:
            bucket: Bucket with training data.
        """
        bucket.add_to_resource_policy(
            iam.PolicyStatement(
                sid="DataScientists",
                principals=[self.data_scientist],
                actions=["s3:GetObject", "s3:ListBucket", "s3:PutObject"],
                resources=[bucket.bucket_arn, bucket.arn_for_objects("*")],
            )
        )


def _check(trusted: Sequence[iam.IPrincipal], mfa_max_age: Duration) -> None:
    faults = []
    if not trusted:
        faults.append("trusted is empty: name the accounts, users or roles whose people may take on the roles")
    if any(isinstance(principal, iam.StarPrincipal | iam.AnyPrincipal) for principal in trusted):
        faults.append("trusted holds everyone: name accounts, users or roles")
    if not _SHORTEST.to_seconds() <= mfa_max_age.to_seconds() <= _LONGEST.to_seconds():
        faults.append(f"mfa_max_age is {mfa_max_age.to_minutes():g} minutes: choose 5 minutes to 12 hours")
    if faults:
        raise AccessError(faults)

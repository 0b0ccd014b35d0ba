"""The role of a service that works for the app."""

from aws_cdk import aws_iam as iam
from constructs import Construct

from genai_layers.foundation.nag import acknowledge
from genai_layers.foundation.people import ROLE_PATH


class WorkloadRole(iam.Role):
    """
    A role that an AWS service takes on, with nothing in it until a grant puts something there.

    No AWS-managed policy is attached. Grants land in one inline policy of the role.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new role.
        assumed_by: Who may take it on, usually a service principal.
        description: What the role is for; shown in the console and in audits.

    Example:
        role = WorkloadRole(self, "Role", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com"),
                            description="reads the documents of the knowledge base")
        documents.bucket.grant_read(role)
    """

    def __init__(self, scope: Construct, id: str, *, assumed_by: iam.IPrincipal, description: str) -> None:
        super().__init__(scope, id, assumed_by=assumed_by, description=description, path=ROLE_PATH)
        acknowledge(
            self,
            "IAMNoInlinePolicy",
            reason="The policy holds the exact grants of this one role and must live and die with it; a "
            "managed policy could be attached elsewhere and outlive the role.",
        )

"""Deploy and delete small templates by hand, for checks that need no CDK."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.local_cloud.clients import Clients

_POLL_SECONDS = 0.1
_PATIENCE_SECONDS = 120.0


class StackFailedError(RuntimeError):
    """A stack operation did not succeed; the message gives the reasons that CloudFormation gave."""


class HandmadeStack:
    """
    One stack made from a plain template.

    Args:
        clients: Clients of the running cloud.
        name: Its name.
    """

    def __init__(self, clients: Clients, name: str) -> None:
        self._cloudformation = clients("cloudformation")
        self.name = name

    def deploy(self, resources: Mapping[str, Any], outputs: Mapping[str, Any] | None = None) -> dict[str, str]:
        """
        Create or update the stack and wait.

        Returns:
            dict[str, str]: Its outputs.

        Raises:
            StackFailedError: It was rolled back.
        """
        template = {
            "Resources": resources,
            "Outputs": {name: {"Value": value} for name, value in (outputs or {}).items()},
        }
        arguments = {
            "StackName": self.name,
            "TemplateBody": json.dumps(template),
            "Capabilities": ["CAPABILITY_NAMED_IAM"],
        }
        if self.status() is None:
            self._cloudformation.create_stack(**arguments)
        else:
            self._cloudformation.update_stack(**arguments)
        status = self._settled()
        if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            raise StackFailedError(f"{self.name} ended in {status}: {'; '.join(self.reasons())}")
        return self.outputs()

    def delete(self) -> None:
        """
        Delete the stack, if there is one, and wait.

        Raises:
            StackFailedError: Something in it could not be deleted.
        """
        if self.status() is None:
            return
        self._cloudformation.delete_stack(StackName=self.name)
        status = self._settled()
        if status not in (None, "DELETE_COMPLETE"):
            raise StackFailedError(f"{self.name} ended in {status}: {'; '.join(self.reasons())}")

    def status(self) -> str | None:
        """What CloudFormation says of it; None when there is none."""
        try:
            found = self._cloudformation.describe_stacks(StackName=self.name)["Stacks"]
        except ClientError:
            return None
        return str(found[0]["StackStatus"]) if found and found[0]["StackStatus"] != "DELETE_COMPLETE" else None

    def outputs(self) -> dict[str, str]:
        """Its outputs by name."""
        stack = self._cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]
        return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}

    def physical_ids(self) -> dict[str, str]:
        """Physical id by logical id."""
        resources = self._cloudformation.describe_stack_resources(StackName=self.name)["StackResources"]
        return {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources}

    def reasons(self) -> list[str]:
        """Why resources failed, newest operation first."""
        events = self._cloudformation.describe_stack_events(StackName=self.name)["StackEvents"]
        return [
            f"{event['LogicalResourceId']}: {event['ResourceStatusReason']}"
            for event in events
            if event["ResourceStatus"].endswith("FAILED") and event.get("ResourceStatusReason")
        ]

    def _settled(self) -> str | None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            status = self.status()
            if status is None or not status.endswith("_IN_PROGRESS"):
                return status
            time.sleep(_POLL_SECONDS)
        raise StackFailedError(f"{self.name} was not done after {_PATIENCE_SECONDS:.0f} s")

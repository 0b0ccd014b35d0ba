"""What the service would refuse of an agent as a whole."""

from collections.abc import Sequence

from aws_cdk import Duration

from genai_layers.platform.agents.action_group import ActionGroup
from genai_layers.platform.agents.agent_settings import Collaborator
from genai_layers.platform.agents.tool import repeated

# AWS::Bedrock::Agent; resource schema, read 2026-11-25.
_FEWEST_INSTRUCTION = 40
_MAX_DESCRIPTION = 200
_SHORTEST_SECONDS, _LONGEST_SECONDS = 60, 5400
# Quotas "Action groups per agent" and "Agent collaborators per agent" as they are at first.
_MOST_GROUPS, _MOST_COLLABORATORS = 20, 10


def agent_faults(
    instruction: str,
    description: str,
    idle: Duration,
    groups: Sequence[ActionGroup],
    collaborators: Sequence[Collaborator],
) -> list[str]:
    """
    Return what is wrong with an agent beyond its parts.

    Args:
        instruction: What it is for.
        description: What it is for, in short.
        idle: How long a session waits.
        groups: What it may do.
        collaborators: Whom it may ask.
    """
    faults = []
    if len(instruction) < _FEWEST_INSTRUCTION:
        faults.append(
            f"instruction has {len(instruction)} characters, at least {_FEWEST_INSTRUCTION} are needed: say what the "
            "agent is for and how it behaves"
        )
    if not 1 <= len(description) <= _MAX_DESCRIPTION:
        faults.append(f"description has {len(description)} characters, allowed are 1 to {_MAX_DESCRIPTION}")
    if not _SHORTEST_SECONDS <= idle.to_seconds() <= _LONGEST_SECONDS:
        faults.append(
            f"idle_timeout is {idle.to_seconds():g} seconds: choose {_SHORTEST_SECONDS} to {_LONGEST_SECONDS} seconds"
        )
    faults += _twice("action group", [group.name for group in groups])
    faults += _twice("collaborator", [other.name for other in collaborators])
    faults += [
        fault
        for fault in repeated([tool for group in groups for tool in group.tools])
        if not any(fault in repeated(group.tools) for group in groups)
    ]
    if len(groups) > _MOST_GROUPS:
        faults.append(f"there are {len(groups)} action groups: an agent takes {_MOST_GROUPS}")
    if len(collaborators) > _MOST_COLLABORATORS:
        faults.append(f"there are {len(collaborators)} collaborators: an agent takes {_MOST_COLLABORATORS}")
    return faults


def _twice(what: str, names: Sequence[str]) -> list[str]:
    return [f"{what} {name!r} is there twice: name each once" for name in dict.fromkeys(names) if names.count(name) > 1]

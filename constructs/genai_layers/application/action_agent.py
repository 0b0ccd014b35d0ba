"""An agent that has things done: a model wishes, rules decide, people approve, functions do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from constructs import Construct

from genai_layers.application import agent_tools
from genai_layers.application.agent_tools import ActionTool
from genai_layers.application.assistant import Assistant
from genai_layers.application.assistant_options import AssistantOptions
from genai_layers.application.chat_environment import MAX_INSTRUCTIONS
from genai_layers.foundation import InterfaceEndpoint
from genai_layers.platform.interfaces import IModel

ROUTES = ("POST /agent", "POST /agent/approve", "GET /agent/tools", "GET /agent/openapi.json")
"""What the function answers; a test holds it against the function's own list."""


class ActionAgent(Assistant):
    """
    Does tasks with tools, and asks its user before anything is changed.

    Its role may invoke the functions of its tools, each by name, and nothing beyond that. A use that has to be
    approved is shown whole, waits for a few minutes, and is done once. Every use leaves a line in the log with who
    had it done and a hash of what was asked.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new table.
        model: Decides; it has to take tools.
        tools: What it may have done.
        max_turns: How often the model is asked for one task, 1 to 20. Default: 6.
        approval_window: How long an approval is waited for, a minute to a day. Default: ten minutes.
        instructions: What is added to the model's instructions, at most 1,000 characters. Default: nothing.
        options: What every application is asked for with; see `AssistantOptions`.

    Raises:
        AssistantError: Names every fault.

    Example:
        ActionAgent(self, "Agent", model=model, tools=[ActionTool(name="book_leave", ...)], vpc=network.vpc,
                    key=data_key.key, log_key=log_key.key, guardrail=guardrail, api=api)
    """

    REQUIRED_ENDPOINTS = (InterfaceEndpoint.BEDROCK_RUNTIME, InterfaceEndpoint.LAMBDA)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        model: IModel,
        tools: Sequence[ActionTool],
        max_turns: int = 6,
        approval_window: Duration | None = None,
        instructions: str | None = None,
        **options: Unpack[AssistantOptions],
    ) -> None:
        window = Duration.minutes(10) if approval_window is None else approval_window
        faults = agent_tools.faults_of(tools)
        if not 1 <= max_turns <= 20:
            faults.append(f"max_turns is {max_turns}: give 1 to 20")
        if not 60 <= window.to_seconds() <= 86_400:
            faults.append(f"approval_window is {window.to_seconds():g} seconds: give a minute to a day")
        if instructions is not None and not 1 <= len(instructions) <= MAX_INSTRUCTIONS // 2:
            faults.append(f"instructions has {len(instructions)} characters: give 1 to {MAX_INSTRUCTIONS // 2}")
        if model.price is not None and not model.price.uses_tools:
            faults.append(f"model {model.model_id!r} takes no tools: choose one that does")
        super().__init__(
            scope,
            id,
            handler_folder="actions",
            description="does tasks with tools",
            routes=ROUTES,
            models={"Agent": model},
            options=options,
            settings={
                **agent_tools.settings_of(tools),
                "MAX_TURNS": str(max_turns),
                "APPROVAL_SECONDS": str(int(window.to_seconds())),
                **({} if instructions is None else {"INSTRUCTIONS": instructions}),
            },
            faults=faults,
        )
        self.table.grant(self._function, "dynamodb:Query")
        self.grant_principal.add_to_principal_policy(
            iam.PolicyStatement(
                sid="UseTools",
                actions=["lambda:InvokeFunction"],
                # Without a version or an alias: what was reviewed is what the template deploys.
                resources=[tool.function.function_arn for tool in tools],
            )
        )

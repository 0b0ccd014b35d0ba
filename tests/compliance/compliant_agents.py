"""Agents that every rule is content with, and what breaks which rule about them."""

from __future__ import annotations

from typing import Any

from template_edits import Edit, adding, dropping, setting

_KEY_ARN = {"Fn::GetAtt": ["Key", "Arn"]}
_ROLE_ARN = {"Fn::GetAtt": ["Role", "Arn"]}
_SUBNETS, _GROUPS = ["subnet-0123456789abcdef0"], ["sg-0123456789abcdef0"]
_TOKENS = {
    "CustomJWTAuthorizer": {
        "DiscoveryUrl": "https://issuer.example/.well-known/openid-configuration",
        "AllowedClients": ["chat"],
    }
}
_ASKS = {"SourceConfiguration": {"Resource": {"PromptArn": "arn:aws:bedrock:us-east-1:111122223333:prompt/AAAAAAAAAA"}}}
_GUARDED = {"GuardrailConfiguration": {"GuardrailIdentifier": "guardrail1", "GuardrailVersion": "1"}}
_PRIVATE = {"NetworkMode": "VPC", "VpcConfig": {"Subnets": _SUBNETS, "SecurityGroups": _GROUPS}}

AGENTS: dict[str, Any] = {
    "Memory": {
        "Type": "AWS::BedrockAgentCore::Memory",
        "Properties": {"Name": "memory_a", "EventExpiryDuration": 30, "EncryptionKeyArn": _KEY_ARN},
    },
    "Runtime": {
        "Type": "AWS::BedrockAgentCore::Runtime",
        "Properties": {
            "AgentRuntimeName": "runtime_a",
            "RoleArn": _ROLE_ARN,
            "AuthorizerConfiguration": _TOKENS,
            "NetworkConfiguration": {
                "NetworkMode": "VPC",
                "NetworkModeConfig": {"Subnets": _SUBNETS, "SecurityGroups": _GROUPS},
            },
            "AgentRuntimeArtifact": {
                "ContainerConfiguration": {"ContainerUri": "111122223333.dkr.ecr.us-east-1.amazonaws.com/agent:1"}
            },
        },
    },
    "Gateway": {
        "Type": "AWS::BedrockAgentCore::Gateway",
        "Properties": {
            "Name": "gateway-a",
            "AuthorizerType": "AWS_IAM",
            "KmsKeyArn": _KEY_ARN,
            "ProtocolType": "MCP",
            "RoleArn": _ROLE_ARN,
            "PolicyEngineConfiguration": {"Arn": {"Fn::GetAtt": ["Engine", "PolicyEngineArn"]}, "Mode": "ENFORCE"},
        },
    },
    "Engine": {
        "Type": "AWS::BedrockAgentCore::PolicyEngine",
        "Properties": {"Name": "engine_a", "EncryptionKeyArn": _KEY_ARN},
    },
    "Browser": {
        "Type": "AWS::BedrockAgentCore::BrowserCustom",
        "Properties": {
            "Name": "browser_a",
            "ExecutionRoleArn": _ROLE_ARN,
            "NetworkConfiguration": _PRIVATE,
            "RecordingConfig": {"Enabled": True, "S3Location": {"Bucket": "recordings", "Prefix": "a"}},
        },
    },
    "Interpreter": {
        "Type": "AWS::BedrockAgentCore::CodeInterpreterCustom",
        "Properties": {"Name": "code_a", "ExecutionRoleArn": _ROLE_ARN, "NetworkConfiguration": _PRIVATE},
    },
    "Agent": {
        "Type": "AWS::Bedrock::Agent",
        "Properties": {
            "AgentName": "agent-a",
            "AgentResourceRoleArn": _ROLE_ARN,
            "AutoPrepare": True,
            "CustomerEncryptionKeyArn": _KEY_ARN,
            "FoundationModel": "amazon.nova-lite-v1:0",
            "Instruction": "You answer questions about orders, and change them when you are asked to.",
            "GuardrailConfiguration": {
                "GuardrailIdentifier": {"Fn::GetAtt": ["Guardrail", "GuardrailArn"]},
                "GuardrailVersion": {"Fn::GetAtt": ["GuardrailVersion", "Version"]},
            },
            "ActionGroups": [
                {
                    "ActionGroupName": "orders",
                    "ActionGroupExecutor": {"CustomControl": "RETURN_CONTROL"},
                    "FunctionSchema": {"Functions": [{"Name": "cancel", "RequireConfirmation": "ENABLED"}]},
                }
            ],
        },
    },
    "AgentAlias": {
        "Type": "AWS::Bedrock::AgentAlias",
        "Properties": {"AgentAliasName": "live", "AgentId": {"Fn::GetAtt": ["Agent", "AgentId"]}},
    },
    "Prompt": {
        "Type": "AWS::Bedrock::Prompt",
        "Properties": {"Name": "prompt-a", "CustomerEncryptionKeyArn": _KEY_ARN},
    },
    "PromptVersion": {
        "Type": "AWS::Bedrock::PromptVersion",
        "Properties": {"PromptArn": {"Fn::GetAtt": ["Prompt", "Arn"]}},
    },
    "Flow": {
        "Type": "AWS::Bedrock::Flow",
        "Properties": {
            "Name": "flow-a",
            "ExecutionRoleArn": "arn:aws:iam::111122223333:role/flow",
            "CustomerEncryptionKeyArn": _KEY_ARN,
            "Definition": {
                "Nodes": [
                    {"Name": "Ask", "Type": "Prompt", "Configuration": {"Prompt": {**_ASKS, **_GUARDED}}},
                    {
                        "Name": "Search",
                        "Type": "KnowledgeBase",
                        "Configuration": {
                            "KnowledgeBase": {"KnowledgeBaseId": "AAAAAAAAAA", "ModelId": "m", **_GUARDED}
                        },
                    },
                    {
                        "Name": "Again",
                        "Type": "Loop",
                        "Configuration": {
                            "Loop": {
                                "Definition": {
                                    "Connections": [],
                                    "Nodes": [
                                        {
                                            "Name": "Ask",
                                            "Type": "Prompt",
                                            "Configuration": {"Prompt": {**_ASKS, **_GUARDED}},
                                        }
                                    ],
                                }
                            }
                        },
                    },
                ]
            },
        },
    },
    "FlowAlias": {
        "Type": "AWS::Bedrock::FlowAlias",
        "Properties": {
            "Name": "live",
            "FlowArn": {"Fn::GetAtt": ["Flow", "Arn"]},
            "RoutingConfiguration": [{"FlowVersion": "3"}],
        },
    },
    "MayInvoke": {
        "Type": "AWS::Lambda::Permission",
        "Properties": {
            "Action": "lambda:InvokeFunction",
            "FunctionName": "orders",
            "Principal": "bedrock.amazonaws.com",
            "SourceArn": {"Fn::GetAtt": ["Agent", "AgentArn"]},
        },
    },
}

_RUNTIME_TOKENS = "Runtime.AuthorizerConfiguration.CustomJWTAuthorizer"

_NODES = "Flow.Definition.Nodes"
_IN_LOOP = f"{_NODES}.2.Configuration.Loop.Definition.Nodes"
_VERSION = "GuardrailConfiguration.GuardrailVersion"

BREAKING: list[tuple[str, str, Edit]] = [
    ("GENAI-AGENT-01", "no guardrail", dropping("Agent.GuardrailConfiguration")),
    ("GENAI-AGENT-01", "the draft", setting("Agent.GuardrailConfiguration.GuardrailVersion", "DRAFT")),
    ("GENAI-AGENT-02", "no key", dropping("Agent.CustomerEncryptionKeyArn")),
    ("GENAI-AGENT-03", "an agent that is not prepared", dropping("Agent.AutoPrepare")),
    ("GENAI-AGENT-04", "a permission for any agent", dropping("MayInvoke.SourceArn")),
    (
        "GENAI-AGENT-05",
        "an action that nobody decided about",
        dropping("Agent.ActionGroups.0.FunctionSchema.Functions.0.RequireConfirmation"),
    ),
    ("GENAI-AGENTCORE-03", "a public runtime", setting("Runtime.NetworkConfiguration", {"NetworkMode": "PUBLIC"})),
    ("GENAI-AGENTCORE-03", "no network said", dropping("Runtime.NetworkConfiguration")),
    ("GENAI-AGENTCORE-04", "a gateway for everyone", setting("Gateway.AuthorizerType", "NONE")),
    ("GENAI-AGENTCORE-05", "no key", dropping("Memory.EncryptionKeyArn")),
    ("GENAI-AGENTCORE-05", "a key of AWS", setting("Memory.EncryptionKeyArn", "alias/aws/bedrock")),
    ("GENAI-AGENTCORE-06", "no key", dropping("Gateway.KmsKeyArn")),
    ("GENAI-AGENTCORE-07", "a public browser", setting("Browser.NetworkConfiguration.NetworkMode", "PUBLIC")),
    ("GENAI-AGENTCORE-08", "nothing recorded", dropping("Browser.RecordingConfig")),
    ("GENAI-AGENTCORE-08", "a recording to nowhere", dropping("Browser.RecordingConfig.S3Location")),
    ("GENAI-AGENTCORE-08", "a recording that is off", setting("Browser.RecordingConfig.Enabled", False)),
    ("GENAI-AGENTCORE-09", "a public interpreter", setting("Interpreter.NetworkConfiguration.NetworkMode", "PUBLIC")),
    ("GENAI-AGENTCORE-09", "the sandbox", setting("Interpreter.NetworkConfiguration", {"NetworkMode": "SANDBOX"})),
    ("GENAI-AGENTCORE-11", "no key", dropping("Engine.EncryptionKeyArn")),
    ("GENAI-AGENTCORE-12", "an engine that only logs", setting("Gateway.PolicyEngineConfiguration.Mode", "LOG_ONLY")),
    ("GENAI-PROMPT-01", "no key", dropping("Prompt.CustomerEncryptionKeyArn")),
    ("GENAI-PROMPT-02", "no version", dropping("PromptVersion")),
    ("GENAI-FLOW-01", "no key", dropping("Flow.CustomerEncryptionKeyArn")),
    ("GENAI-FLOW-02", "the draft", setting("FlowAlias.RoutingConfiguration.0.FlowVersion", "DRAFT")),
    ("GENAI-FLOW-02", "no routing", dropping("FlowAlias.RoutingConfiguration")),
    ("GENAI-FLOW-03", "a prompt without one", dropping(f"{_NODES}.0.Configuration.Prompt.GuardrailConfiguration")),
    ("GENAI-FLOW-03", "the draft of one", setting(f"{_NODES}.1.Configuration.KnowledgeBase.{_VERSION}", "DRAFT")),
    ("GENAI-FLOW-03", "a loop around one", dropping(f"{_IN_LOOP}.0.Configuration.Prompt.GuardrailConfiguration")),
    ("GENAI-FLOW-03", "a definition that cannot be seen", setting("Flow.Definition", None)),
    ("GENAI-AGENTCORE-10", "any token of the issuer", dropping(f"{_RUNTIME_TOKENS}.AllowedClients")),
]

ACCEPTED: list[tuple[str, str, Edit]] = [
    (
        "GENAI-AGENT-04",
        "a permission for another service",
        adding(
            "AWS::Lambda::Permission",
            Action="lambda:InvokeFunction",
            FunctionName="f",
            Principal="events.amazonaws.com",
        ),
    ),
    (
        "GENAI-FLOW-03",
        "passages without a model",
        setting(f"{_NODES}.1.Configuration.KnowledgeBase", {"KnowledgeBaseId": "BASE123456"}),
    ),
    ("GENAI-AGENTCORE-12", "no engine at all", dropping("Gateway.PolicyEngineConfiguration")),
    ("GENAI-AGENTCORE-10", "no tokens at all", dropping("Runtime.AuthorizerConfiguration")),
    ("GENAI-AGENTCORE-10", "audiences", setting(f"{_RUNTIME_TOKENS}", {"AllowedAudience": ["orders"]})),
    ("GENAI-AGENTCORE-04", "tokens", setting("Gateway.AuthorizerType", "CUSTOM_JWT")),
]

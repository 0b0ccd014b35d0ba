"""Bedrock's control plane: guardrails and inference profiles."""

from __future__ import annotations

from tools.local_cloud.ministack_launcher.read import answered, given, identity, joined, part, send
from tools.local_cloud.ministack_launcher.row import Call, Name, Row

ROWS = (
    Row(
        type="AWS::Bedrock::Guardrail",
        service="bedrock",
        name=Name("Name", 50),
        create=Call("CreateGuardrail"),
        physical_id=answered("guardrailId"),
        attributes={
            "GuardrailId": answered("guardrailId"),
            "GuardrailArn": answered("guardrailArn"),
            "Version": answered("version"),
            "Status": lambda _: "READY",
        },
        update=Call(
            "UpdateGuardrail",
            lambda r: {
                **{name: value for name, value in r.properties.items() if name != "Tags"},
                "guardrailIdentifier": r.physical_id,
            },
        ),
        delete=(Call("DeleteGuardrail", send(guardrailIdentifier=identity)),),
        renames={
            "KmsKeyArn": "kmsKeyId",
            "ContentFiltersTierConfig": "tierConfig",
            "TopicsTierConfig": "tierConfig",
            "GuardrailProfileArn": "guardrailProfileIdentifier",
        },
    ),
    Row(
        type="AWS::Bedrock::GuardrailVersion",
        service="bedrock",
        # MiniStack finds a guardrail in a path by its id alone.
        create=Call(
            "CreateGuardrailVersion",
            lambda r: {**r.properties, "GuardrailIdentifier": r.properties["GuardrailIdentifier"].rsplit("/", 1)[-1]},
        ),
        physical_id=joined(answered("guardrailId"), answered("version")),
        attributes={
            "GuardrailId": answered("guardrailId"),
            "GuardrailArn": lambda r: r.properties["GuardrailIdentifier"],
            "Version": answered("version"),
        },
        update=None,
        delete=(Call("DeleteGuardrail", send(guardrailIdentifier=part(0), guardrailVersion=part(1))),),
    ),
    Row(
        type="AWS::Bedrock::ApplicationInferenceProfile",
        service="bedrock",
        create=Call("CreateInferenceProfile"),
        physical_id=answered("inferenceProfileArn"),
        attributes={
            "InferenceProfileArn": answered("inferenceProfileArn"),
            "InferenceProfileIdentifier": answered("inferenceProfileArn"),
            "InferenceProfileId": lambda r: r.response["inferenceProfileArn"].rsplit("/", 1)[-1],
            "InferenceProfileName": given("InferenceProfileName"),
        },
        update=None,
        delete=(Call("DeleteInferenceProfile", send(inferenceProfileIdentifier=identity)),),
    ),
)

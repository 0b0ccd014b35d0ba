"""A stand-in for Bedrock, S3 and the parameter store: remembers what it was told, and answers in their words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from machine import StateError

REGION_ARN = "arn:aws:bedrock:us-east-1:111122223333"
MODEL = f"{REGION_ARN}:imported-model/abcdef123456"
CUSTOM = f"{REGION_ARN}:custom-model/amazon.nova-lite-v1:0:abc/abcdef123456"
FILES = {"config.json": ("cfg=", 20), "model.safetensors": ("wgt=", 5_000_000_000)}
_KINDS = {
    "createModelImportJob": "model-import-job/abcdef123456",
    "createModelCustomizationJob": "model-customization-job/amazon.nova-lite-v1:0/abcdef123456",
    "createEvaluationJob": "evaluation-job/abcdef123456",
    "createModelInvocationJob": "model-invocation-job/abcdef123456",
}


class StandIn:
    """
    Answers calls.

    Attributes:
        statuses: What a job says of itself, look after look; the last one stays.
        told: What a job says beside its status.
        weights: Digest and size of the files in the folder.
        manifest_sha256: Digest of the manifest, as S3 keeps it.
        refusals: Errors to raise, by operation, first to last; "" lets a call through.
        alias: What the parameter holds.
        answer: What the new model answers.
        verdict: What the gate says.
        models: Imported models by name.
        granted: Whether the account may use the model.
    """

    def __init__(self) -> None:
        self.statuses = ["InProgress", "InProgress", "Completed"]
        self.told: dict[str, Any] = {"ImportedModelArn": MODEL, "OutputModelArn": CUSTOM}
        self.weights = dict(FILES)
        self.manifest_sha256 = "mft="
        self.refusals: dict[str, list[str]] = {}
        self.alias = "none"
        self.answer = "Paris."
        self.verdict: dict[str, Any] = {"passed": True, "faults": [], "scores": {}}
        self.models: dict[str, str] = {}
        self.granted = False
        self.has_form = False
        self.offers = [{"OfferToken": "token", "TermDetails": {"LegalTerm": {"Url": "https://example.com/terms"}}}]

    def __call__(self, service: str, operation: str, arguments: Mapping[str, Any]) -> Any:
        queue = self.refusals.get(operation)
        error = queue.pop(0) if queue else ""
        if error:
            raise StateError(error, "refused")
        if operation in _KINDS:
            return {"JobArn": f"{REGION_ARN}:{_KINDS[operation]}"}
        return getattr(self, operation)(arguments)

    def _job(self, _: Mapping[str, Any]) -> Any:
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        return {"Status": status, **self.told}

    getModelImportJob = getModelCustomizationJob = getEvaluationJob = getModelInvocationJob = _job  # noqa: N815

    def _nothing(self, _: Mapping[str, Any]) -> Any:
        return {}

    stopModelCustomizationJob = stopEvaluationJob = stopModelInvocationJob = _nothing  # noqa: N815

    def getObject(self, _: Mapping[str, Any]) -> Any:  # noqa: N802
        files = [{"file": name, "sha256": sha, "bytes": size, "parts": 1} for name, (sha, size) in FILES.items()]
        return {"Body": json.dumps({"files": files}), "ChecksumSHA256": self.manifest_sha256}

    def listObjectsV2(self, _: Mapping[str, Any]) -> Any:  # noqa: N802
        return {"KeyCount": len(self.weights) + 1, "IsTruncated": False}

    def getObjectAttributes(self, arguments: Mapping[str, Any]) -> Any:  # noqa: N802
        sha, size = self.weights[arguments["Key"].rsplit("/", 1)[1]]
        return {"Checksum": {"ChecksumSHA256": sha} if sha else {}, "ObjectSize": size}

    def getImportedModel(self, arguments: Mapping[str, Any]) -> Any:  # noqa: N802
        name = arguments["ModelIdentifier"]
        if name not in self.models:
            raise StateError("Bedrock.ResourceNotFoundException", name)
        return {"ModelArn": self.models[name]}

    def invokeModel(self, _: Mapping[str, Any]) -> Any:  # noqa: N802
        return {"Body": json.dumps({"generation": self.answer}), "ContentType": "application/json"}

    def putParameter(self, arguments: Mapping[str, Any]) -> Any:  # noqa: N802
        self.alias = arguments["Value"]
        return {"Version": 2}

    def invoke(self, _: Mapping[str, Any]) -> Any:
        return self.verdict

    def getFoundationModelAvailability(self, arguments: Mapping[str, Any]) -> Any:  # noqa: N802
        return {
            "ModelId": arguments["ModelId"],
            "AgreementAvailability": {"Status": "AVAILABLE" if self.granted else "NOT_AVAILABLE"},
            "AuthorizationStatus": "AUTHORIZED",
            "EntitlementAvailability": "AVAILABLE" if self.granted else "NOT_AVAILABLE",
            "RegionAvailability": "AVAILABLE",
        }

    def listFoundationModelAgreementOffers(self, arguments: Mapping[str, Any]) -> Any:  # noqa: N802
        return {"ModelId": arguments["ModelId"], "Offers": self.offers}

    def createFoundationModelAgreement(self, arguments: Mapping[str, Any]) -> Any:  # noqa: N802
        self.granted = True
        return {"ModelId": arguments["ModelId"]}

    def getUseCaseForModelAccess(self, _: Mapping[str, Any]) -> Any:  # noqa: N802
        if not self.has_form:
            raise StateError("Bedrock.ResourceNotFoundException")
        return {"FormData": "..."}

    def putUseCaseForModelAccess(self, _: Mapping[str, Any]) -> Any:  # noqa: N802
        self.has_form = True
        return {}

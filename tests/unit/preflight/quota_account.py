"""An account that has and may have what it is told, in the place of AWS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

NAMES = {
    "L-B1": "(Knowledge Bases) Knowledge bases per account",
    "L-B2": "(Knowledge Bases) Data sources per knowledge base",
    "L-B3": "(Guardrails) Versions per guardrail",
}


def fault(code: str, message: str = "no") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "Call")


class Account:
    """A session whose clients are all this one, and which has and may have what it is told."""

    def __init__(
        self,
        *,
        applied: dict[str, float] | None = None,
        defaults: dict[str, float] | None = None,
        bedrock: dict[str, float] | None = None,
        bases: int = 0,
        sources: int = 0,
        versions: int = 0,
        outputs: dict[str, str] | None = None,
        refusal: ClientError | None = None,
    ) -> None:
        self.applied, self.defaults, self.bedrock = applied or {}, defaults or {}, bedrock or {}
        self.counts = {"bases": bases, "sources": sources, "versions": versions}
        self.outputs, self.refusal = outputs, refusal
        self.asked: list[str] = []

    def client(self, service: str, region_name: str) -> Account:
        assert region_name == "us-east-1"
        return self

    def get_service_quota(self, ServiceCode: str, QuotaCode: str) -> dict[str, Any]:  # noqa: N803
        self.asked.append(QuotaCode)
        if self.refusal is not None:
            raise self.refusal
        if QuotaCode not in self.applied:
            raise fault("NoSuchResourceException")
        return self._quota(QuotaCode, self.applied[QuotaCode])

    def get_aws_default_service_quota(self, ServiceCode: str, QuotaCode: str) -> dict[str, Any]:  # noqa: N803
        return self._quota(QuotaCode, self.defaults[QuotaCode])

    def _quota(self, code: str, value: float) -> dict[str, Any]:
        return {"Quota": {"QuotaCode": code, "QuotaName": "Running On-Demand instances", "Value": value}}

    def get_paginator(self, operation: str) -> Any:
        account = self

        class Pages:
            def paginate(self, **_: str) -> Iterator[dict[str, Any]]:
                yield from account.pages(operation)

        return Pages()

    def pages(self, operation: str) -> Iterator[dict[str, Any]]:
        if self.refusal is not None:
            raise self.refusal
        match operation:
            case "list_service_quotas":
                for code, name in NAMES.items():
                    if code in self.bedrock:
                        yield {"Quotas": [{"QuotaCode": code, "QuotaName": name, "Value": self.bedrock[code]}]}
            case "list_knowledge_bases":
                yield {"knowledgeBaseSummaries": [{}] * self.counts["bases"]}
            case "list_data_sources":
                yield {"dataSourceSummaries": [{}] * self.counts["sources"]}
            case "list_guardrails":
                numbered = [{"version": str(number)} for number in range(1, self.counts["versions"] + 1)]
                yield {"guardrails": [{"version": "DRAFT"}, *numbered]}

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803
        assert StackName == "GenAi-test-Platform"
        if self.outputs is None:
            raise fault("ValidationError", f"Stack with id {StackName} does not exist")
        return {"Stacks": [{"Outputs": [{"OutputKey": k, "OutputValue": v} for k, v in self.outputs.items()]}]}

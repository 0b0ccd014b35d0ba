"""The settings of one environment, whole."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from genai_layers.catalog import regions
from genai_layers.settings.application import ApplicationSettings
from genai_layers.settings.section import Section
from genai_layers.settings.sections import (
    AccountId,
    ComplianceSettings,
    InferenceSettings,
    NetworkSettings,
    OperationsSettings,
    PlatformSettings,
    Removal,
    SecuritySettings,
)


def _region_of_a_partition(region: str) -> str:
    regions.partition(region)
    return region


class Settings(Section):
    """
    Everything an environment asks for.

    Attributes:
        environment: Name of the environment; the file's own name.
        region: Where it is deployed. A concrete region: facts and prices hang on it.
        account: Default: the account of the credentials that deploy.
        removal: `retain` keeps keys, buckets, tables and logs when a stack is destroyed; `destroy` deletes them
            with what they hold. Default: `retain`.
        network: The virtual private cloud.
        security: People, keys, audit trail.
        inference: Layer 1.
        platform: Layer 2.
        application: Layer 3.
        operations: Alarms and money.
        compliance: Which packs must pass.
    """

    environment: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{1,19}$")]
    region: Annotated[str, AfterValidator(_region_of_a_partition)]
    account: AccountId | None = None
    removal: Removal = "retain"
    network: NetworkSettings = NetworkSettings()
    security: SecuritySettings = SecuritySettings()
    inference: InferenceSettings = InferenceSettings()
    platform: PlatformSettings = PlatformSettings()
    application: ApplicationSettings = ApplicationSettings()
    operations: OperationsSettings = OperationsSettings()
    compliance: ComplianceSettings = ComplianceSettings()

    @model_validator(mode="after")
    def _production_keeps_its_data(self) -> Self:
        if self.environment == "prod" and self.removal == "destroy":
            raise ValueError("removal 'destroy' is not allowed in prod: use 'retain'")
        return self

"""What the deployment decided of uploads, read once from the environment."""

from __future__ import annotations

from dataclasses import dataclass

from ..shared.env import Environment


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadSettings:
    """
    Settings of the function that people ask.

    Attributes:
        table_name: Where is kept what is known of uploads.
        quarantine_bucket: Where documents wait until they are looked into.
        document_bucket: Where accepted ones lie.
        key_arn: Key that they are encrypted under.
        allowed_clients: App clients whose tokens are taken.
        allowed_origins: Origins whose pages may read the answers.
        allowed_groups: Groups whose users may upload; empty serves every user.
        tenant_group_prefix: Groups so named put a user into a tenant; None where there are no tenants.
        most_bytes: Bytes of the largest document.
        most_documents: Documents of one user.
        most_user_bytes: Bytes of all documents of one user.
        refused_days: Days that the reason of a refusal is kept.
        minutes: Minutes in which an upload has to begin.
    """

    table_name: str
    quarantine_bucket: str
    document_bucket: str
    key_arn: str
    allowed_clients: tuple[str, ...]
    allowed_origins: tuple[str, ...] = ()
    allowed_groups: tuple[str, ...] = ()
    tenant_group_prefix: str | None = None
    most_bytes: int = 10 * 1024 * 1024
    most_documents: int = 50
    most_user_bytes: int = 200 * 1024 * 1024
    refused_days: int = 30
    minutes: int = 5


def read(environment: Environment) -> UploadSettings:
    """
    Return the settings in *environment*.

    Raises:
        MissingSettingError: Names every setting that is missing or wrong.
    """
    settings = UploadSettings(
        table_name=environment.text("TABLE_NAME"),
        quarantine_bucket=environment.text("QUARANTINE_BUCKET"),
        document_bucket=environment.text("DOCUMENT_BUCKET"),
        key_arn=environment.text("KEY_ARN"),
        allowed_clients=tuple(environment.text("ALLOWED_CLIENTS").split()),
        allowed_origins=environment.words("ALLOWED_ORIGINS"),
        allowed_groups=environment.words("ALLOWED_GROUPS"),
        tenant_group_prefix=environment.optional("TENANT_GROUP_PREFIX"),
        most_bytes=environment.whole("MOST_BYTES", minimum=1),
        most_documents=environment.whole("MOST_DOCUMENTS", minimum=1),
        most_user_bytes=environment.whole("MOST_USER_BYTES", minimum=1),
        refused_days=environment.whole("REFUSED_DAYS", minimum=1),
        minutes=environment.whole("UPLOAD_MINUTES", minimum=1),
    )
    environment.check()
    return settings

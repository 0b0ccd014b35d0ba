"""Parts that all three layers share: network, keys, access, audit, storage, functions."""

from genai_layers.foundation.access_control import AccessControl
from genai_layers.foundation.audit_trail import AuditTrail
from genai_layers.foundation.boundary import Boundary
from genai_layers.foundation.encryption_key import EncryptionKey
from genai_layers.foundation.errors import (
    AccessError,
    AuditError,
    FoundationError,
    HandlerError,
    NetworkError,
    StorageError,
)
from genai_layers.foundation.interface_endpoint import InterfaceEndpoint
from genai_layers.foundation.key_uses import KeyUse
from genai_layers.foundation.network import Network
from genai_layers.foundation.python_function import PythonFunction
from genai_layers.foundation.registry_image import BoundImage, version_faults
from genai_layers.foundation.retained_log_group import RetainedLogGroup
from genai_layers.foundation.secure_bucket import AccessLogBucket, SecureBucket
from genai_layers.foundation.told_events import ToldEvents
from genai_layers.foundation.wildcards import wildcard_resource
from genai_layers.foundation.workload_role import WorkloadRole

__all__ = [
    "AccessControl",
    "AccessError",
    "AccessLogBucket",
    "AuditError",
    "AuditTrail",
    "BoundImage",
    "Boundary",
    "EncryptionKey",
    "FoundationError",
    "HandlerError",
    "InterfaceEndpoint",
    "KeyUse",
    "Network",
    "NetworkError",
    "PythonFunction",
    "RetainedLogGroup",
    "SecureBucket",
    "StorageError",
    "ToldEvents",
    "WorkloadRole",
    "version_faults",
    "wildcard_resource",
]

"""Keys that open to an enclave on a CPU machine."""

from genai_layers.inference.attestation.enclave.enclave_measurement import EnclaveMeasurement
from genai_layers.inference.attestation.enclave.enclave_size import EnclaveSize
from genai_layers.inference.attestation.enclave.key_broker import KeyBroker

__all__ = ["EnclaveMeasurement", "EnclaveSize", "KeyBroker"]

from genai_layers.preflight.deployable import Blocker, blockers
from genai_layers.preflight.knowledge_quotas import knowledge_quotas
from genai_layers.preflight.machine_quotas import QuotaFindings, machine_quotas

__all__ = ["Blocker", "QuotaFindings", "blockers", "knowledge_quotas", "machine_quotas"]

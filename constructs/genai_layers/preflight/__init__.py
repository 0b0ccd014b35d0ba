from genai_layers.preflight.deployable import Blocker, blockers

__all__ = ["Blocker", "blockers"]

"""One model over several machines."""

from genai_layers.inference.multi_node.multi_node_fleet import MultiNodeFleet
from genai_layers.inference.multi_node.vllm_nodes import VllmNodes

__all__ = ["MultiNodeFleet", "VllmNodes"]

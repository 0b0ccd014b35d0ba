"""Layer 1: tasks of Amazon ECS with accelerators that serve a model."""

from genai_layers.inference.ecs.container_fleet import ContainerFleet
from genai_layers.inference.ecs.managed_instances import ManagedInstances

__all__ = ["ContainerFleet", "ManagedInstances"]

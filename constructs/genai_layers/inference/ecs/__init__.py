"""Layer 1: tasks of Amazon ECS with accelerators that serve a model."""

from genai_layers.inference.ecs.container_fleet import ContainerFleet

__all__ = ["ContainerFleet"]

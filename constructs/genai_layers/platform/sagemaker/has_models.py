"""Something that never happened: an endpoint to which no model was added."""

import jsii
from constructs import IValidation


@jsii.implements(IValidation)
class HasModels:
    """
    Fails the synth while an endpoint serves nothing.

    Args:
        components: Components of the endpoint, filled as they are added.
    """

    def __init__(self, components: list[str]) -> None:
        self._components = components

    def validate(self) -> list[str]:
        """Return what is wrong at synth."""
        return [] if self._components else ["the endpoint serves nothing: call add_model(...)"]

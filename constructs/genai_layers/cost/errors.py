"""
Errors of the cost room.
"""

from __future__ import annotations


class CostError(ValueError):
    """
    A template or a number given to the cost room cannot be used.
    """

"""Rounds weights as they will be stored (blocks.py), so that the last steps of a training can make up for it.

Q4_0 keeps the embedding, which is also the head, in Q8_0.
"""

from __future__ import annotations

from torch import Tensor

from blocks import Q4_0, Q8_0, rounded
from model import Decoder, Matrix


def q8_0(weight: Tensor) -> Tensor:
    return rounded(weight, Q8_0)


def q4_0(weight: Tensor) -> Tensor:
    return rounded(weight, Q4_0)


TYPES = {"q8_0": q8_0, "q4_0": q4_0}


def round_weights(model: Decoder, kind: str) -> None:
    """Let a model see its matrices as they will be stored."""
    model.rounding = q8_0
    for part in model.modules():
        if isinstance(part, Matrix):
            part.rounding = TYPES[kind]

"""Rounds weights as they will be stored, so that the last steps of a training can make up for it.

Blocks of 32 along the rows share one scale, which is stored in 16 bits. Q4_0 keeps the embedding, which is also the head, in Q8_0.
"""

from __future__ import annotations

from torch import Tensor

from model import Decoder, Matrix

TYPES = ("q8_0", "q4_0")


def q8_0(weight: Tensor) -> Tensor:
    """Round to 255 levels: scale = largest / 127."""
    blocks = weight.float().reshape(-1, 32)
    scale = blocks.abs().amax(1, keepdim=True) / 127
    levels = (blocks / scale.clamp_min(1e-12)).round()
    return (levels * scale.half().float()).view_as(weight).to(weight.dtype)


def q4_0(weight: Tensor) -> Tensor:
    """Round to 16 levels: scale = the value of largest size / -8."""
    blocks = weight.float().reshape(-1, 32)
    largest = blocks.gather(1, blocks.abs().argmax(1, keepdim=True))
    scale = largest / -8
    inverse = scale.reciprocal().nan_to_num(0, 0, 0)
    levels = ((blocks * inverse + 8.5).floor()).clamp(0, 15) - 8
    return (levels * scale.half().float()).view_as(weight).to(weight.dtype)


def round_weights(model: Decoder, kind: str) -> None:
    """Let a model see its matrices as they will be stored."""
    model.rounding = q8_0
    for part in model.modules():
        if isinstance(part, Matrix):
            part.rounding = q8_0 if kind == "q8_0" else q4_0

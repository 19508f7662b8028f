"""The types in which GGUF files store matrices: blocks of 32 values along the rows that share one scale of 16 bits.

The one place of the rules: a training sees what they make of its weights (rounding.py), and files hold it (container.py).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

# Ids of the types in the table of tensors.
F32, Q4_0, Q5_0, Q8_0 = 0, 2, 6, 8
NAMES = {F32: "F32", Q4_0: "Q4_0", Q5_0: "Q5_0", Q8_0: "Q8_0"}
BLOCK = 32
# Bytes of a block; an F32 tensor has no scale.
BLOCK_BYTES = {F32: 4 * BLOCK, Q4_0: 2 + 16, Q5_0: 2 + 4 + 16, Q8_0: 2 + 32}
BITS = {Q4_0: 4, Q5_0: 5}


def levels(weight: Tensor, kind: int) -> tuple[Tensor, Tensor]:
    """Return whole numbers [blocks, 32] and the scales [blocks, 1] to multiply them with, both float32."""
    blocks = weight.float().reshape(-1, BLOCK)
    if kind == Q8_0:
        # 255 levels: scale = largest / 127.
        scale = blocks.abs().amax(1, keepdim=True) / 127
        return (blocks / scale.clamp_min(1e-12)).round(), scale
    # 16 or 32 levels: the value of largest size is the lowest level, -8 or -16.
    half = 1 << (BITS[kind] - 1)
    largest = blocks.gather(1, blocks.abs().argmax(1, keepdim=True))
    scale = largest / -half
    inverse = scale.reciprocal().nan_to_num(0, 0, 0)
    return (blocks * inverse + (half + 0.5)).floor().clamp(0, 2 * half - 1) - half, scale


def rounded(weight: Tensor, kind: int) -> Tensor:
    """Return a weight as it is read from where it was stored."""
    whole, scale = levels(weight, kind)
    return (whole * scale.half().float()).view_as(weight).to(weight.dtype)


def straight_through(weight: Tensor, rounding: Callable[[Tensor], Tensor] | None) -> Tensor:
    """Return the rounded weight with the gradient of the weight itself."""
    return weight if rounding is None else weight + (rounding(weight.detach()) - weight.detach())


def to_bytes(weight: Tensor, kind: int) -> bytes:
    """Store a tensor; quantized ones have rows of multiples of 32."""
    if kind == F32:
        return weight.float().numpy().astype("<f4").tobytes()
    whole, scale = (part.numpy() for part in levels(weight, kind))
    scales = scale.astype("<f2").view(np.uint8)
    if kind == Q8_0:
        return np.concatenate((scales, whole.astype(np.int8).view(np.uint8)), 1).tobytes()
    # Without a sign; four bits of the first half in the low, of the second in the high half of a byte; the fifth bits before them.
    bits = (whole + (1 << (BITS[kind] - 1))).astype(np.uint8)
    low = bits[:, :16] & 15 | bits[:, 16:] << 4
    return np.concatenate((scales, low) if kind == Q4_0 else (scales, np.packbits(bits >> 4, axis=1, bitorder="little"), low), 1).tobytes()


def from_bytes(data: np.ndarray, kind: int, shape: tuple[int, ...]) -> np.ndarray:
    """Turn the bytes of a tensor back into float32."""
    if kind == F32:
        return data.copy().view("<f4").reshape(shape)
    blocks = data.reshape(-1, BLOCK_BYTES[kind])
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    if kind == Q8_0:
        return (scale * blocks[:, 2:].view(np.int8).astype(np.float32)).reshape(shape)
    bits = np.concatenate((blocks[:, -16:] & 15, blocks[:, -16:] >> 4), 1)
    if kind == Q5_0:
        bits = bits | np.unpackbits(blocks[:, 2:6], axis=1, bitorder="little") << 4
    return (scale * (bits.astype(np.float32) - (1 << (BITS[kind] - 1)))).reshape(shape)

"""Decoder of the LLaMA family: RMSNorm, rotary positions on interleaved pairs, grouped-query attention, SwiGLU, tied head.

The rotary pairs are (0,1), (2,3), ... as the `llama` architecture of GGUF expects, so export needs no permutation.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from blocks import straight_through


@dataclass(frozen=True)
class Shape:
    """Sizes of one decoder; every row length is a multiple of 32 so that Q8_0 blocks never straddle rows."""

    vocab: int = 8192
    width: int = 192
    layers: int = 8
    heads: int = 6
    kv_heads: int = 2
    feed_forward: int = 512
    context: int = 1024
    rope_base: float = 10000.0
    eps: float = 1e-5

    @property
    def head_width(self) -> int:
        return self.width // self.heads

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


# Named by their parameters in millions; `5m` is the shipped one. The larger ones have a larger vocabulary, so that fewer tokens say the same.
SIZES = {
    "3m": Shape(width=160, layers=7, heads=5, kv_heads=1, feed_forward=416),
    "5m": Shape(),
    "8m": Shape(width=256, heads=8, feed_forward=704),
    "15m": Shape(vocab=12288, width=320, layers=10, heads=10, feed_forward=864),
    "30m": Shape(vocab=20480, width=448, layers=10, heads=14, feed_forward=1216),
}


def parameters(shape: Shape) -> int:
    """Count the parameters of a shape; the head is the embedding."""
    kv = shape.kv_heads * shape.head_width
    layer = 2 * shape.width * (shape.width + kv) + 3 * shape.width * shape.feed_forward + 2 * shape.width
    return shape.vocab * shape.width + shape.layers * layer + shape.width


def rope_table(shape: Shape, length: int) -> Tensor:
    """Return cosines and sines [2, length, head_width / 2]."""
    half = shape.head_width // 2
    freq = shape.rope_base ** (-torch.arange(half, dtype=torch.float32) / half)
    angle = torch.arange(length, dtype=torch.float32)[:, None] * freq[None, :]
    return torch.stack((angle.cos(), angle.sin()))


def rotate(x: Tensor, turn: Tensor) -> Tensor:
    """Rotate interleaved pairs of x [batch, length, heads, head_width] by the cosines and sines `turn` [2, batch or 1, length, 1, head_width / 2]."""
    even, odd = x.float().unflatten(-1, (-1, 2)).unbind(-1)
    cos, sin = turn[0], turn[1]
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), -1).flatten(-2).to(x.dtype)


def attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
    """Attention of q [batch, kv_heads, group, length, head_width] over k, v [batch, kv_heads, reach, head_width] where `mask` [batch or 1, length, reach] is true.

    Written out on the CPU because the fused kernel's backward pass takes twice the time of these products at lengths below 500.
    """
    b, n, g, t, d = q.shape
    reach = k.shape[2]
    if q.is_cuda:
        every = lambda x: x[:, :, None].expand(b, n, g, reach, d).reshape(b, n * g, reach, d)  # noqa: E731
        return F.scaled_dot_product_attention(q.reshape(b, n * g, t, d), every(k), every(v), attn_mask=mask[:, None]).view(b, n, g, t, d)
    scores = ((q * d**-0.5).reshape(b, n, g * t, d) @ k.mT).view(b, n, g, t, reach)
    scores = scores + torch.where(mask, 0.0, -1e4).to(scores.dtype)[:, None, None]
    weights = torch.softmax(scores, -1, dtype=scores.dtype)
    return (weights.view(b, n, g * t, reach) @ v).view(b, n, g, t, d)


class Matrix(nn.Linear):
    """A product without bias whose weights can be seen as they will be stored; gradients pass the rounding unchanged."""

    rounding: Callable[[Tensor], Tensor] | None = None

    def __init__(self, inward: int, outward: int) -> None:
        super().__init__(inward, outward, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, straight_through(self.weight, self.rounding))


class Norm(nn.Module):
    """Root-mean-square norm with a gain."""

    def __init__(self, width: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        y = x.float()
        y = y * torch.rsqrt((y * y).mean(-1, keepdim=True) + self.eps)
        return (y * self.weight).to(x.dtype)


class Block(nn.Module):
    """One layer: attention and feed-forward, both with a residual."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        hidden, kv = shape.width, shape.kv_heads * shape.head_width
        self.attn_norm = Norm(hidden, shape.eps)
        self.attn_q = Matrix(hidden, hidden)
        self.attn_k = Matrix(hidden, kv)
        self.attn_v = Matrix(hidden, kv)
        self.attn_output = Matrix(hidden, hidden)
        self.ffn_norm = Norm(hidden, shape.eps)
        self.ffn_gate = Matrix(hidden, shape.feed_forward)
        self.ffn_up = Matrix(hidden, shape.feed_forward)
        self.ffn_down = Matrix(shape.feed_forward, hidden)

    def forward(self, x: Tensor, turn: Tensor, mask: Tensor, past: list[Tensor] | None = None) -> Tensor:
        b, t, _ = x.shape
        s = self.shape
        h = self.attn_norm(x)
        q = rotate(self.attn_q(h).view(b, t, s.heads, s.head_width), turn)
        k = rotate(self.attn_k(h).view(b, t, s.kv_heads, s.head_width), turn).transpose(1, 2)
        v = self.attn_v(h).view(b, t, s.kv_heads, s.head_width).transpose(1, 2)
        if past is not None:
            if past:
                k, v = torch.cat((past[0], k), 2), torch.cat((past[1], v), 2)
            past[:] = [k, v]
        q = q.view(b, t, s.kv_heads, s.heads // s.kv_heads, s.head_width).permute(0, 2, 3, 1, 4)
        a = attend(q, k, v, mask).permute(0, 3, 1, 2, 4).reshape(b, t, s.width)
        x = x + self.attn_output(a)
        h = self.ffn_norm(x)
        return x + self.ffn_down(F.silu(self.ffn_gate(h)) * self.ffn_up(h))


class Decoder(nn.Module):
    """Token ids [batch, length] to hidden states; `logits` applies the tied head to any subset of them."""

    rounding: Callable[[Tensor], Tensor] | None = None

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.token_embd = nn.Embedding(shape.vocab, shape.width)
        self.blk = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.output_norm = Norm(shape.width, shape.eps)
        self.register_buffer("turn", rope_table(shape, shape.context), persistent=False)
        nn.init.normal_(self.token_embd.weight, std=0.02)
        for name, p in self.named_parameters():
            if p.dim() == 2 and name != "token_embd.weight":
                scale = 1 / math.sqrt(2 * shape.layers) if name.endswith(("attn_output.weight", "ffn_down.weight")) else 1
                nn.init.normal_(p, std=scale / math.sqrt(p.shape[1]) * 0.6)

    def forward(self, ids: Tensor, past: list[list[Tensor]] | None = None, positions: Tensor | None = None, mask: Tensor | None = None) -> Tensor:
        """Without `positions` and `mask` the ids follow what `past` holds and see all before them."""
        start = past[0][0].shape[2] if past and past[0] else 0
        length = ids.shape[1]
        if positions is None:
            positions = torch.arange(start, start + length, device=ids.device)[None]
        if mask is None:
            mask = torch.ones(1, length, start + length, dtype=torch.bool, device=ids.device).tril(start)
        x = F.embedding(ids, straight_through(self.token_embd.weight, self.rounding))
        turn = self.turn[:, positions][:, :, :, None]
        for i, block in enumerate(self.blk):
            x = block(x, turn, mask, None if past is None else past[i])
        return self.output_norm(x)

    def logits(self, hidden: Tensor) -> Tensor:
        return hidden @ straight_through(self.token_embd.weight, self.rounding).T.to(hidden.dtype)


@torch.no_grad()
def greedy(model: Decoder, prompt: list[int], stop: int, limit: int) -> list[int]:
    """Decode greedily from one prompt with a key/value cache; the stop id is not returned."""
    past: list[list[Tensor]] = [[] for _ in model.blk]
    ids = torch.tensor([prompt], device=model.turn.device)
    out: list[int] = []
    while len(out) < limit and len(prompt) + len(out) < model.shape.context:
        hidden = model(ids, past)
        token = int(model.logits(hidden[:, -1]).argmax(-1))
        if token == stop:
            break
        out.append(token)
        ids = torch.tensor([[token]], device=model.turn.device)
    return out

"""Decoder of the LLaMA family: RMSNorm, rotary positions on interleaved pairs, grouped-query attention, SwiGLU, tied head.

The rotary pairs are (0,1), (2,3), ... as the `llama` architecture of GGUF expects, so export needs no permutation.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


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


def rope_table(shape: Shape, length: int) -> Tensor:
    """Return the complex rotations [length, head_width / 2]."""
    half = shape.head_width // 2
    freq = shape.rope_base ** (-torch.arange(half, dtype=torch.float32) / half)
    angle = torch.arange(length, dtype=torch.float32)[:, None] * freq[None, :]
    return torch.polar(torch.ones_like(angle), angle)


def rotate(x: Tensor, turn: Tensor) -> Tensor:
    """Rotate interleaved pairs of x [batch, length, heads, head_width] by the complex `turn` [length, head_width / 2]."""
    pairs = torch.view_as_complex(x.float().unflatten(-1, (-1, 2)))
    return torch.view_as_real(pairs * turn[None, :, None, :]).flatten(-2).to(x.dtype)


def attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Causal attention of q [batch, kv_heads, group, length, head_width] over k, v [batch, kv_heads, reach, head_width].

    Written out because the fused CPU kernel's backward pass takes twice the time of these products at lengths below 500.
    """
    b, n, g, t, d = q.shape
    reach = k.shape[2]
    scores = ((q * d**-0.5).reshape(b, n, g * t, d) @ k.mT).view(b, n, g, t, reach)
    if t > 1:
        scores = scores + torch.full((t, reach), -1e4, dtype=scores.dtype, device=q.device).triu(reach - t + 1)
    weights = torch.softmax(scores, -1, dtype=scores.dtype)
    return (weights.view(b, n, g * t, reach) @ v).view(b, n, g, t, d)


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
        self.attn_q = nn.Linear(hidden, hidden, bias=False)
        self.attn_k = nn.Linear(hidden, kv, bias=False)
        self.attn_v = nn.Linear(hidden, kv, bias=False)
        self.attn_output = nn.Linear(hidden, hidden, bias=False)
        self.ffn_norm = Norm(hidden, shape.eps)
        self.ffn_gate = nn.Linear(hidden, shape.feed_forward, bias=False)
        self.ffn_up = nn.Linear(hidden, shape.feed_forward, bias=False)
        self.ffn_down = nn.Linear(shape.feed_forward, hidden, bias=False)

    def forward(self, x: Tensor, turn: Tensor, past: list[Tensor] | None = None) -> Tensor:
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
        a = attend(q, k, v).permute(0, 3, 1, 2, 4).reshape(b, t, s.width)
        x = x + self.attn_output(a)
        h = self.ffn_norm(x)
        return x + self.ffn_down(F.silu(self.ffn_gate(h)) * self.ffn_up(h))


class Decoder(nn.Module):
    """Token ids [batch, length] to hidden states; `logits` applies the tied head to any subset of them."""

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

    def forward(self, ids: Tensor, past: list[list[Tensor]] | None = None) -> Tensor:
        start = past[0][0].shape[2] if past and past[0] else 0
        x = self.token_embd(ids)
        turn = self.turn[start : start + ids.shape[1]]
        for i, block in enumerate(self.blk):
            x = block(x, turn, None if past is None else past[i])
        return self.output_norm(x)

    def logits(self, hidden: Tensor) -> Tensor:
        return hidden @ self.token_embd.weight.T.to(hidden.dtype)


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

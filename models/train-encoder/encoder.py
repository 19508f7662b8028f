"""The encoder: BERT's arithmetic, small, with the mean of all tokens as the vector of a text."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import BertWordPieceTokenizer
from torch import Tensor, nn

sys.path.append(str(Path(__file__).resolve().parent.parent / "train"))
from blocks import Q4_0, rounded, straight_through  # noqa: E402

# All but the positions is the teacher's, of whose layers the encoder begins with all.
WIDTH, LAYERS, HEADS, FEED_FORWARD, POSITIONS = 384, 6, 12, 1536, 128
# What the embeddings of the pieces and the other matrices are stored as.
STORED = Q4_0
EPSILON = 1e-12
# Longest text in training, in tokens.
MOST_TOKENS = 112


Rounding = Callable[[Tensor], Tensor]


def as_stored(weight: Tensor) -> Tensor:
    """Return a weight as it is read from the file."""
    return rounded(weight, STORED)


class Matrix(nn.Linear):
    """A linear map whose weights can be seen as they will be stored."""

    rounding: Rounding | None = None

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, straight_through(self.weight, self.rounding), self.bias)


class Table(nn.Embedding):
    """Embeddings that can be seen as they will be stored; rows are rounded by themselves, so that only those that are read need be."""

    rounding: Rounding | None = None

    def forward(self, ids: Tensor) -> Tensor:
        return straight_through(F.embedding(ids, self.weight), self.rounding)


class Layer(nn.Module):
    """Attention and feed-forward, each followed by a norm."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.output = (Matrix(WIDTH, WIDTH) for _ in range(4))
        self.attention_norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.up, self.down = Matrix(WIDTH, FEED_FORWARD), Matrix(FEED_FORWARD, WIDTH)
        self.output_norm = nn.LayerNorm(WIDTH, eps=EPSILON)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        count, length, _ = x.shape

        def heads(y: Tensor) -> Tensor:
            return y.view(count, length, HEADS, WIDTH // HEADS).transpose(1, 2)

        # Written out: the backward pass of the fused kernel is slow on processors; a step takes half the time.
        scores = heads(self.query(x)) @ heads(self.key(x)).transpose(2, 3) * (WIDTH // HEADS) ** -0.5
        shares = torch.softmax(scores.masked_fill(~mask, -1e4), -1).to(scores.dtype)
        mixed = shares @ heads(self.value(x))
        x = self.attention_norm(x + self.output(mixed.transpose(1, 2).reshape(count, length, WIDTH)))
        return self.output_norm(x + self.down(F.gelu(self.up(x))))


class Encoder(nn.Module):
    """Token ids [texts, tokens] and a mask of ones to unit vectors [texts, WIDTH]."""

    def __init__(self, vocabulary: int, layers: int = LAYERS, positions: int = POSITIONS) -> None:
        super().__init__()
        self.tokens, self.positions, self.types = Table(vocabulary, WIDTH), nn.Embedding(positions, WIDTH), nn.Embedding(2, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))

    def see_stored(self) -> None:
        """Compute from now on with the weights as they will be stored."""
        for part in self.modules():
            if isinstance(part, Matrix | Table):
                part.rounding = as_stored

    def states(self, ids: Tensor, mask: Tensor) -> list[Tensor]:
        """Return what each layer gives, [texts, tokens, WIDTH] each."""
        x = self.norm(self.tokens(ids) + self.positions.weight[: ids.shape[1]] + self.types.weight[0])
        found = []
        for layer in self.layers:
            x = layer(x, (mask > 0)[:, None, None, :])
            found.append(x)
        return found

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        return mean(self.states(ids, mask)[-1], mask)


def mean(states: Tensor, mask: Tensor) -> Tensor:
    """Return the unit vectors of texts from those of their tokens."""
    share = mask.unsqueeze(-1)
    return F.normalize((states.float() * share).sum(1) / share.sum(1), dim=1)


def load_pieces(work: Path) -> BertWordPieceTokenizer:
    """Read WORK/vocab.txt."""
    return BertWordPieceTokenizer(str(work / "vocab.txt"), lowercase=True)


def within(ids: list[int], most: int) -> list[int]:
    """Cut a text to its first `most` tokens, of which the last stays the sign of its end, [SEP]."""
    return ids if len(ids) <= most else [*ids[: most - 1], ids[-1]]


def pad(lists: list[list[int]]) -> tuple[Tensor, Tensor]:
    """Return ids and mask of lists of different lengths."""
    longest = max(len(ids) for ids in lists)
    ids, mask = torch.zeros(len(lists), longest, dtype=torch.long), torch.zeros(len(lists), longest)
    for row, tokens in enumerate(lists):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        mask[row, : len(tokens)] = 1
    return ids, mask


@torch.inference_mode()
def encode(model: Encoder, pieces: BertWordPieceTokenizer, texts: list[str], batch: int = 256) -> np.ndarray:
    """Return unit vectors, [texts, WIDTH]."""
    lists = [within(e.ids, POSITIONS) for e in pieces.encode_batch(texts)]
    order = sorted(range(len(lists)), key=lambda at: len(lists[at]))
    vectors = np.zeros((len(texts), WIDTH), np.float32)
    for start in range(0, len(order), batch):
        part = order[start : start + batch]
        vectors[part] = model(*pad([lists[at] for at in part])).numpy()
    return vectors

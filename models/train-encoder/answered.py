"""Teaches the encoder that a question lies nearer to the window that answers it than to others, and a window nearer to what it answers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

import torch
import torch.nn.functional as F
from tokenizers import BertWordPieceTokenizer
from torch import Tensor

from asked import Asked
from encoder import MOST_TOKENS, Encoder, pad, within

BATCH = 64
# Rows that stand beside each other, most of them of one page or one company, stay together: they are harder to tell apart.
TOGETHER = 8
# A cosine differs from another by so much when the one is e times as likely.
TEMPERATURE = 0.05
FAR = -1e4


class AskedBatch(NamedTuple):
    """Ids and masks [rows, tokens] of questions, of their windows, and of questions that windows do not answer [others, tokens]; which windows are the same one, [rows, rows]."""

    questions: tuple[Tensor, Tensor]
    windows: tuple[Tensor, Tensor]
    others: tuple[Tensor, Tensor] | None
    is_same: Tensor


def asked_batch(pieces: BertWordPieceTokenizer, rows: list[Asked]) -> AskedBatch:
    """Make a batch of rows."""

    def read(texts: list[str]) -> tuple[Tensor, Tensor]:
        return pad([within(e.ids, MOST_TOKENS) for e in pieces.encode_batch(texts)])

    others = [row["other"] for row in rows if row["other"]]
    is_same = torch.tensor([[one["window"] == other["window"] or one["question"] == other["question"] for other in rows] for one in rows])
    return AskedBatch(read([row["question"] for row in rows]), read([row["window"] for row in rows]), read(others) if others else None, is_same)


def blocks_of(rows: list[Asked]) -> list[list[Asked]]:
    """Cut rows into those that stay together."""
    return [rows[at : at + TOGETHER] for at in range(0, len(rows), TOGETHER)]


def asked_batches(pieces: BertWordPieceTokenizer, blocks: list[list[Asked]]) -> Iterator[AskedBatch]:
    """Yield batches for ever, round after round."""
    while True:
        random.shuffle(blocks)
        mixed = [row for block in blocks for row in block]
        for at in range(0, len(mixed) - BATCH + 1, BATCH):
            yield asked_batch(pieces, mixed[at : at + BATCH])


def asked_losses(model: Encoder, batch: AskedBatch, is_half: bool) -> tuple[Tensor, float]:
    """Return the loss, and the share of questions whose own window is the nearest of the batch."""
    with torch.autocast("cpu", torch.bfloat16, enabled=is_half):
        questions, windows = model(*batch.questions), model(*batch.windows)
        others = None if batch.others is None else model(*batch.others)
    likeness = questions.float() @ windows.float().T / TEMPERATURE
    own = torch.arange(len(likeness))
    # Another question about the same window is none that it should be far from.
    known = likeness.masked_fill(batch.is_same & ~torch.eye(len(likeness), dtype=torch.bool), FAR)
    of_windows = known.T if others is None else torch.cat([known.T, windows.float() @ others.float().T / TEMPERATURE], 1)
    loss = (F.cross_entropy(known, own) + F.cross_entropy(of_windows, own)) / 2
    return loss, (known.argmax(1) == own).float().mean().item()

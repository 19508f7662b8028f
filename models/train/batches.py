"""Makes batches of packed rows: bins of one fixed length, so that nothing is padded much and every step has the same shapes.

A token sees the tokens before it of its own row that are shared or belong to its own question.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pack import ANSWER, QUESTION, Packed

WINDOW = 1024


@dataclass(frozen=True)
class Batch:
    """Arrays [bins, length]: token, position in its row, row (0 = none), question (0 = shared), what comes next and how much that counts."""

    ids: np.ndarray
    positions: np.ndarray
    rows: np.ndarray
    parts: np.ndarray
    targets: np.ndarray
    weights: np.ndarray


def positions_of(parts: np.ndarray) -> np.ndarray:
    """Return positions as in a prompt of its own: each question goes on where the shared tokens end."""
    out = np.empty(len(parts), np.int64)
    shared = int((parts == 0).sum())
    for part in np.unique(parts):
        here = parts == part
        out[here] = np.arange(int(here.sum())) + (0 if part == 0 else shared)
    return out


def fill(rows: list[Packed], length: int) -> list[list[Packed]]:
    """Put rows into bins of `length` tokens: the longest first, each where it leaves the least room."""
    bins: list[list[Packed]] = []
    room: list[int] = []
    for row in sorted(rows, key=lambda r: -len(r.ids)):
        size = len(row.ids)
        fits = [k for k, left in enumerate(room) if left >= size]
        if fits:
            k = min(fits, key=lambda one: room[one])
            bins[k].append(row)
            room[k] -= size
        else:
            bins.append([row])
            room.append(length - size)
    return bins


def arrays(bins: list[list[Packed]], length: int, question_weight: float) -> Batch:
    shape = (len(bins), length)
    ids, positions, rows, parts, targets = (np.zeros(shape, np.int64) for _ in range(5))
    weights = np.zeros(shape, np.float32)
    for b, packed in enumerate(bins):
        at = 0
        for n, row in enumerate(packed, start=1):
            here = slice(at, at + len(row.ids))
            ids[b, here], rows[b, here], parts[b, here], positions[b, here] = row.ids, n, row.parts, positions_of(row.parts)
            targets[b, at : at + len(row.ids) - 1] = row.ids[1:]
            # A question's first token follows the shared ones only in the first question: it is not learned.
            same = row.parts[1:] == row.parts[:-1]
            weights[b, at : at + len(row.ids) - 1] = same * ((row.roles[1:] == ANSWER) * 1.0 + (row.roles[1:] == QUESTION) * question_weight)
            at += len(row.ids)
    return Batch(ids, positions, rows, parts, targets, weights)


def batches(shards: Iterator[list[Packed]], bins: int, length: int, seed: int, question_weight: float, copies: float = 0.0) -> Iterator[Batch]:
    """Yield batches of `bins` bins without end; `copies` is the share of rows that hold a span twice, from which copying is learned early."""
    rng = np.random.default_rng(seed)
    ready: list[list[Packed]] = []
    for rows in shards:
        order = rng.permutation(len(rows))
        for start in range(0, len(order), WINDOW):
            window = [rows[i] for i in order[start : start + WINDOW] if len(rows[i].ids) <= length]
            if copies:
                window = [doubled(row, rng) if rng.random() < copies else row for row in window]
            made = fill(window, length)
            ready += [made[k] for k in rng.permutation(len(made))]
            while len(ready) >= bins:
                yield arrays(ready[:bins], length, question_weight)
                ready = ready[bins:]


def doubled(row: Packed, rng: np.random.Generator) -> Packed:
    """Return the row with a span of it, or of random tokens, written at its beginning and again further on."""
    ids = row.ids.copy()
    span = int(rng.integers(12, 90))
    gap = int(rng.integers(0, len(ids) - 2 * span)) if len(ids) > 2 * span else 0
    if len(ids) < 2 * span + gap:
        return row
    piece = rng.integers(5, 8192, span).astype(np.uint16) if rng.random() < 0.25 else ids[:span].copy()
    ids[:span] = piece
    ids[span + gap : 2 * span + gap] = piece
    return Packed(ids, row.roles, row.parts)

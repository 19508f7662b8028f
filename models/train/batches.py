"""Makes batches of packed rows: bins of one fixed length, so that nothing is padded much and every step has the same shapes.

A token sees the tokens before it of its own row that are shared or belong to its own question.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pack import ANSWER, Packed
from tokenizer import SPECIAL

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
    """Lay bins out as arrays; what is left of a bin belongs to row 0."""
    pieces: list[np.ndarray] = []
    sizes: list[int] = []
    numbers: list[int] = []
    for packed in bins:
        free = length - sum(len(row.ids) for row in packed)
        pieces += [np.stack((row.ids, row.roles, row.parts)) for row in packed] + [np.zeros((3, free), np.uint16)]
        sizes += [*(len(row.ids) for row in packed), free]
        numbers += [*range(1, len(packed) + 1), 0]
    ids, roles, parts = np.concatenate(pieces, 1).astype(np.int64)
    index = np.arange(len(ids))
    rows = np.repeat(numbers, sizes)
    starts = np.repeat(np.cumsum([0, *sizes[:-1]]), sizes)
    # Each question goes on where the shared tokens of its row end.
    shared = np.repeat([int((piece[2] == 0).sum()) for piece in pieces], sizes)
    begins = np.concatenate(([True], (parts[1:] != parts[:-1]) | (starts[1:] != starts[:-1])))
    positions = index - np.maximum.accumulate(np.where(begins, index, 0)) + np.where(parts > 0, shared, 0)
    # A question's first token follows the shared ones only in the first question: it is not learned.
    learned = np.concatenate((~begins[1:], [False])) & (np.roll(roles, -1) > 0)
    weights = np.where(learned, np.where(np.roll(roles, -1) == ANSWER, 1.0, question_weight), 0.0).astype(np.float32)
    shape = (len(bins), length)
    return Batch(*(x.reshape(shape) for x in (ids, positions, rows, parts, np.roll(ids, -1), weights)))


def batches(shards: Iterator[list[Packed]], bins: int, length: int, seed: int, question_weight: float, vocab: int, copies: float = 0.0) -> Iterator[Batch]:
    """Yield batches of `bins` bins without end; `copies` is the share of rows that hold a span twice, from which copying is learned early; of `vocab` tokens."""
    rng = np.random.default_rng(seed)
    ready: list[list[Packed]] = []
    for rows in shards:
        order = rng.permutation(len(rows))
        for start in range(0, len(order), WINDOW):
            window = [rows[i] for i in order[start : start + WINDOW] if len(rows[i].ids) <= length]
            if copies:
                window = [doubled(row, rng, vocab) if rng.random() < copies else row for row in window]
            made = fill(window, length)
            ready += [made[k] for k in rng.permutation(len(made))]
            while len(ready) >= bins:
                yield arrays(ready[:bins], length, question_weight)
                ready = ready[bins:]


def ahead(stream: Iterator[Batch], count: int) -> Iterator[Batch]:
    """Make batches in a thread, `count` ahead of who takes them; who takes them is given what ends the thread, in its turn."""
    ready: queue.Queue[Batch | BaseException | None] = queue.Queue(count)

    def make() -> None:
        try:
            for batch in stream:
                ready.put(batch)
            ready.put(None)
        except BaseException as failure:  # also SystemExit: a shard that is not the listed one
            ready.put(failure)

    threading.Thread(target=make, daemon=True).start()
    while (made := ready.get()) is not None:
        if isinstance(made, BaseException):
            raise made
        yield made


def doubled(row: Packed, rng: np.random.Generator, vocab: int) -> Packed:
    """Return the row with a span of it, or of random tokens of the vocabulary, written at its beginning and again further on."""
    ids = row.ids.copy()
    span = int(rng.integers(12, 90))
    gap = int(rng.integers(0, len(ids) - 2 * span)) if len(ids) > 2 * span else 0
    if len(ids) < 2 * span + gap:
        return row
    piece = rng.integers(len(SPECIAL), vocab, span).astype(np.uint16) if rng.random() < 0.25 else ids[:span].copy()
    ids[:span] = piece
    ids[span + gap : 2 * span + gap] = piece
    return Packed(ids, row.roles, row.parts)

"""Shares the parts of a step among workers, each a replica of the model with its own gradients, in a thread and on a core of its own.

On a machine that others use this keeps the cores busy, where threads inside one operator would wait for each other.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

import torch
from torch import nn

Part = TypeVar("Part")


def share_weights(replica: nn.Module, model: nn.Module) -> None:
    """Let a replica compute with the weights of the model."""
    for mine, shared in zip(replica.parameters(), model.parameters(), strict=True):
        mine.data = shared.data


def share_out(parts: Sequence[Part], takers: Sequence[Callable[[Part], None]]) -> None:
    """Hand the parts out one by one, each to the taker that is free first; the first taker works in the caller's thread.

    What a taker raises is raised here, with its traceback, when the others have ended the part they are at.
    """
    waiting: queue.SimpleQueue[Part | None] = queue.SimpleQueue()
    for part in [*parts, *(None for _ in takers)]:
        waiting.put(part)
    failures: list[BaseException] = []

    def run(take: Callable[[Part], None]) -> None:
        torch.set_num_threads(1)
        try:
            while not failures and (part := waiting.get()) is not None:
                take(part)
        except BaseException as failure:
            failures.append(failure)

    crew = [threading.Thread(target=run, args=(take,)) for take in takers[1:]]
    for one in crew:
        one.start()
    run(takers[0])
    for one in crew:
        one.join()
    if failures:
        raise failures[0]


def gather_gradients(model: nn.Module, replicas: Sequence[nn.Module]) -> None:
    """Give the model the sum of the replicas' gradients, and leave the replicas without."""
    for weights, *copies in zip(model.parameters(), *(replica.parameters() for replica in replicas), strict=True):
        grads = [copy.grad for copy in copies if copy.grad is not None]
        weights.grad = sum(grads[1:], start=grads[0]) if grads else None
        for copy in copies:
            copy.grad = None

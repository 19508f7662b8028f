"""Tests of crew.py: python -m unittest test_crew"""

from __future__ import annotations

import threading
import traceback
import unittest

import torch
from torch import nn

from crew import gather_gradients, share_out, share_weights


class ShareOut(unittest.TestCase):
    def test_hands_every_part_to_one_taker(self) -> None:
        taken: list[list[int]] = [[], [], []]
        share_out(range(50), [one.append for one in taken])
        self.assertEqual(sorted(part for one in taken for part in one), list(range(50)))

    def test_raises_what_a_taker_in_another_thread_raises_with_its_traceback(self) -> None:
        failed = threading.Event()

        def wait(_: int) -> None:
            failed.wait(5)

        def fail(part: int) -> None:
            failed.set()
            raise ValueError(f"part {part}")

        told = ""
        try:
            share_out([1, 2], [wait, fail])
        except ValueError:
            told = traceback.format_exc()
        self.assertIn("in fail", told)

    def test_hands_out_no_more_parts_after_a_failure(self) -> None:
        taken: list[int] = []

        def fail(part: int) -> None:
            taken.append(part)
            raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            share_out([1, 2, 3], [fail])
        self.assertEqual(taken, [1])


class Gradients(unittest.TestCase):
    def test_of_replicas_are_added_up_in_the_model(self) -> None:
        model, replicas = nn.Linear(2, 1), [nn.Linear(2, 1) for _ in range(2)]
        for replica in replicas:
            share_weights(replica, model)
        for replica, value in zip(replicas, (1.0, 10.0), strict=True):
            replica(torch.full((1, 2), value)).sum().backward()
        gather_gradients(model, replicas)
        self.assertEqual(model.weight.grad.tolist(), [[11.0, 11.0]])
        self.assertTrue(all(weights.grad is None for replica in replicas for weights in replica.parameters()))
        gather_gradients(model, replicas)
        self.assertIsNone(model.weight.grad)


if __name__ == "__main__":
    unittest.main()

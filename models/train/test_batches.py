"""Tests of batches.py: python -m unittest test_batches"""

from __future__ import annotations

import unittest
from collections.abc import Iterator

import numpy as np

from batches import Batch, ahead, doubled
from pack import Packed


def batch(number: int) -> Batch:
    return Batch(*(np.full((1, 1), number) for _ in range(6)))


class Ahead(unittest.TestCase):
    def test_gives_the_batches_in_their_order_and_ends_with_them(self) -> None:
        self.assertEqual([int(b.ids[0, 0]) for b in ahead(map(batch, range(5)), 2)], list(range(5)))

    def test_raises_what_ends_the_thread_after_the_batches_before_it(self) -> None:
        for failure in (ValueError("a row"), SystemExit("a shard")):
            def stream(failure: BaseException = failure) -> Iterator[Batch]:
                yield batch(1)
                raise failure

            taken = ahead(stream(), 4)
            self.assertEqual(int(next(taken).ids[0, 0]), 1)
            with self.assertRaises(type(failure)) as seen:
                next(taken)
            self.assertIs(seen.exception, failure)


class Doubled(unittest.TestCase):
    def test_takes_random_tokens_of_the_whole_vocabulary_and_of_no_other(self) -> None:
        rng = np.random.default_rng(1)
        row = Packed(np.zeros(400, np.uint16), np.zeros(400, np.uint8), np.zeros(400, np.uint8))
        for vocab in (64, 20480):
            highest = max(int(doubled(row, rng, vocab).ids.max()) for _ in range(60))
            self.assertTrue(0.9 * vocab < highest < vocab)


if __name__ == "__main__":
    unittest.main()

"""Tests of train.py: python -m unittest test_train"""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import torch

from encoder import MOST_TOKENS, load_pieces
from train import Reader, Row

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a"]


class Reads(unittest.TestCase):
    def test_keeps_the_sign_of_the_end_of_texts_that_are_too_long(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "vocab.txt").write_text("\n".join(PIECES), encoding="utf-8")
            reader = Reader.__new__(Reader)
            reader.pieces, reader.translate = load_pieces(Path(folder)), torch.arange(len(PIECES))
        text = " ".join("a" * 200)
        ids = reader.batch([Row(text, text), Row("a", "a")]).ids
        self.assertEqual(list(ids.shape), [2, MOST_TOKENS])
        self.assertEqual(ids[0].tolist(), [2, *[5] * (MOST_TOKENS - 2), 3])
        self.assertEqual(ids[1, :4].tolist(), [2, 5, 3, 0])


if __name__ == "__main__":
    unittest.main()

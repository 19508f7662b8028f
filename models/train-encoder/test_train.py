"""Tests of train.py: python -m unittest test_train"""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

from encoder import MOST_TOKENS, Encoder, as_stored, load_pieces
from export import F32, stored_as
from train import Reader, Row

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a"]


class Reads(unittest.TestCase):
    def test_keeps_the_sign_of_the_end_of_texts_that_are_too_long(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "vocab.txt").write_text("\n".join(PIECES), encoding="utf-8")
            reader = Reader.__new__(Reader)
            reader.pieces = reader.teacher_pieces = load_pieces(Path(folder))
            reader.translate = np.arange(len(PIECES))
        text = " ".join("a" * 200)
        ids = reader.batch([Row(text, text), Row("a", "a")]).ids
        self.assertEqual(list(ids.shape), [2, MOST_TOKENS])
        self.assertEqual(ids[0].tolist(), [2, *[5] * (MOST_TOKENS - 2), 3])
        self.assertEqual(ids[1, :4].tolist(), [2, 5, 3, 0])


class Stored(unittest.TestCase):
    def test_weights_that_are_seen_as_stored_give_what_the_file_gives(self) -> None:
        torch.manual_seed(1)
        seen, read = Encoder(len(PIECES), layers=1), Encoder(len(PIECES), layers=1)
        read.load_state_dict({name: as_stored(w) if stored_as(name, w.dim()) != F32 else w for name, w in seen.state_dict().items()})
        ids, mask = torch.tensor([[2, 5, 5, 3]]), torch.ones(1, 4)
        self.assertGreater((seen(ids, mask) - read(ids, mask)).abs().max().item(), 1e-4)
        seen.see_stored()
        torch.testing.assert_close(seen(ids, mask), read(ids, mask))

    def test_gradients_pass_the_rounding(self) -> None:
        model = Encoder(len(PIECES), layers=1)
        model.see_stored()
        model(torch.tensor([[2, 5, 3]]), torch.ones(1, 3))[0, 0].backward()
        self.assertGreater(model.layers[0].up.weight.grad.abs().max().item(), 0)
        self.assertEqual(sorted(model.tokens.weight.grad.abs().sum(1).nonzero().flatten().tolist()), [2, 3, 5])


if __name__ == "__main__":
    unittest.main()

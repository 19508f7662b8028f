"""Tests of train.py: python -m unittest test_train"""

from __future__ import annotations

import unittest

import torch

from model import Decoder, Shape
from train import begin

SMALL = Shape(vocab=64, width=32, layers=1, heads=1, kv_heads=1, feed_forward=32, context=16)


class Begin(unittest.TestCase):
    def setUp(self) -> None:
        model = Decoder(SMALL)
        self.saved = {"shape": model.shape.as_dict(), "model": model.state_dict()}

    def test_takes_the_shape_of_a_checkpoint_without_being_told_it(self) -> None:
        model = begin(self.saved, None, None)
        self.assertEqual(model.shape, SMALL)
        self.assertTrue(torch.equal(model.token_embd.weight, self.saved["model"]["token_embd.weight"]))

    def test_refuses_a_checkpoint_of_another_size_than_is_asked_for(self) -> None:
        with self.assertRaisesRegex(SystemExit, "--size 3m"):
            begin(self.saved, None, "3m")

    def test_makes_a_new_model_of_the_shipped_size_when_nothing_is_said(self) -> None:
        self.assertEqual(begin(None, None, None).shape, Shape())


if __name__ == "__main__":
    unittest.main()

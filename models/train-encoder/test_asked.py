"""Tests of asked.py and answered.py: python -m unittest test_asked"""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import torch

from answered import asked_batch, asked_losses, blocks_of
from asked import WRITTEN, Asked, pages, windows, written
from encoder import Encoder, load_pieces

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c", "d"]
PAGE = """=== Shop > Returns
You have 30 days.
Shipping back costs 4 euros.
+ how long do I have | You have 30
+ who pays the parcel | Shipping back costs
- may I return socks
"""


def row(question: str, window: str, other: str = "") -> Asked:
    return {"question": question, "window": window, "other": other}


class Pages(unittest.TestCase):
    def test_are_read_with_their_questions(self) -> None:
        self.assertEqual(
            list(pages(PAGE)),
            [("Shop > Returns", "You have 30 days.\nShipping back costs 4 euros.", [("how long do I have", "You have 30"), ("who pays the parcel", "Shipping back costs")], ["may I return socks"])],
        )

    def test_that_were_written_have_the_sentence_that_answers_each_question(self) -> None:
        asked = sum(len(questions) for path in WRITTEN.glob("*.txt") for _, _, questions, _ in pages(path.read_text(encoding="utf-8")))
        self.assertGreater(asked, 1000)
        self.assertEqual(len(list(written())), asked)

    def test_are_cut_between_sentences_under_their_head(self) -> None:
        sentence = "This is a sentence of exactly nine whole words."
        found = windows("Head", " ".join([sentence] * 8))
        self.assertEqual([window.count(sentence) for window in found], [5, 3])
        self.assertTrue(all(window.startswith("Head > This") for window in found))


class Batches(unittest.TestCase):
    def setUp(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "vocab.txt").write_text("\n".join(PIECES), encoding="utf-8")
            self.pieces = load_pieces(Path(folder))
        torch.manual_seed(1)
        self.model = Encoder(len(PIECES), layers=1)

    def test_hold_as_many_blocks_as_there_are_rows_for(self) -> None:
        self.assertEqual([len(block) for block in blocks_of([row("a", "b")] * 20)], [8, 8, 4])

    def test_questions_about_one_window_are_not_pushed_away_from_it(self) -> None:
        twice, once = ([row("a", "b"), row(second, "b")] for second in ("c", "a"))
        for rows in (twice, once):
            loss, share = asked_losses(self.model, asked_batch(self.pieces, rows), False)
            self.assertLess(loss.item(), 1e-6)
            self.assertEqual(share, 1)

    def test_a_question_that_a_window_does_not_answer_counts_against_it(self) -> None:
        rows = [row("a", "b"), row("c", "d")]
        without, _ = asked_losses(self.model, asked_batch(self.pieces, rows), False)
        rows[0]["other"] = "b"
        with_other, _ = asked_losses(self.model, asked_batch(self.pieces, rows), False)
        self.assertGreater(with_other.item(), without.item())


if __name__ == "__main__":
    unittest.main()

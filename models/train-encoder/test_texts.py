"""Tests of texts.py: python -m unittest test_texts"""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path

from texts import Collector, key, overlap

HELD = "The room list cannot be viewed in the calendar."
LONGER = f"A room list is missing. {HELD}"


class Overlap(unittest.TestCase):
    def setUp(self) -> None:
        self.held = {key(HELD): "help/articles.test.jsonl", key("Select OK."): "help/articles.test.jsonl"}

    def test_a_text_with_a_held_sentence_inside_is_not_taken(self) -> None:
        collector = Collector(self.held)
        self.assertFalse(collector.takes(LONGER, 2, 40))
        self.assertFalse(collector.takes(HELD, 2, 40))
        self.assertTrue(collector.takes("A room list is missing.", 2, 40))

    def test_a_short_sentence_tells_nothing_unless_it_is_the_whole_text(self) -> None:
        collector = Collector(self.held)
        self.assertTrue(collector.takes("Open the list of rooms. Select OK.", 2, 40))
        self.assertFalse(collector.takes("Select OK.", 2, 40))

    def test_sentences_inside_the_written_texts_are_counted(self) -> None:
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            path = Path(folder) / "pairs.json"
            path.write_text(json.dumps([[LONGER, "房间列表"], ["A room list.", "列表"]]), encoding="utf-8")
            self.assertEqual(overlap(path, self.held), 1)


if __name__ == "__main__":
    unittest.main()

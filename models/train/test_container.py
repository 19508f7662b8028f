"""Tests of container.py, blocks.py and rounding.py: python -m unittest test_container"""

from __future__ import annotations

import struct
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from gguf import GGUFReader, dequantize

from blocks import NAMES, Q4_0, Q5_0, Q8_0, rounded
from container import ARRAY, INT32, STRING, UINT32, field, read, text, write
from rounding import q4_0, q8_0

WEIGHT = torch.cat((torch.randn(40, 96, generator=torch.Generator().manual_seed(1)), torch.zeros(1, 96), torch.full((1, 96), -3.0)))
PAIRS = [field("general.name", STRING, "名"), field("a.count", UINT32, 7), field("a.list", ARRAY, [1, -2], INT32)]


class Container(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "a.gguf"

    def test_gives_back_the_metadata_and_the_rounded_tensors(self) -> None:
        write(self.path, PAIRS, [(name, WEIGHT, kind) for kind, name in NAMES.items()])
        meta, arrays = read(self.path)
        self.assertEqual(meta, {"general.name": "名", "a.count": 7, "a.list": [1, -2]})
        np.testing.assert_array_equal(arrays["F32"], WEIGHT.numpy())
        for kind in (Q4_0, Q5_0, Q8_0):
            np.testing.assert_array_equal(arrays[NAMES[kind]], rounded(WEIGHT, kind).numpy())

    def test_is_read_alike_by_the_gguf_package(self) -> None:
        write(self.path, PAIRS, [(name, WEIGHT, kind) for kind, name in NAMES.items()])
        _, arrays = read(self.path)
        for tensor in GGUFReader(self.path).tensors:
            np.testing.assert_array_equal(dequantize(tensor.data, tensor.tensor_type).reshape(WEIGHT.shape), arrays[tensor.name])

    def test_refuses_types_that_it_does_not_know_by_name(self) -> None:
        head = b"GGUF" + struct.pack("<IQQ", 3, 1, 0) + text("blk.0.attn_q.weight")
        self.path.write_bytes(head + struct.pack("<IQIQ", 1, 32, 1, 0) + b"\0" * 128)
        with self.assertRaisesRegex(SystemExit, r"blk\.0\.attn_q\.weight has the type 1; read are F32"):
            read(self.path)
        self.path.write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("a.size") + struct.pack("<IQ", 10, 5))
        with self.assertRaisesRegex(SystemExit, "a.size has the type 10"):
            read(self.path)
        self.path.write_bytes(b"GGUF" + struct.pack("<IQQ", 2, 0, 0))
        with self.assertRaisesRegex(SystemExit, "version 3"):
            read(self.path)


class Rounding(unittest.TestCase):
    def test_stays_within_half_a_level_of_the_weight(self) -> None:
        blocks = WEIGHT.reshape(-1, 32)
        for seen, share in ((q8_0, 1 / 127), (q4_0, 1 / 8)):
            worst = (seen(WEIGHT).reshape(-1, 32) - blocks).abs().amax(1)
            # The scale is stored in 16 bits; the highest of the 16 levels is one short of the largest value.
            self.assertTrue(bool((worst <= blocks.abs().amax(1) * share * (0.55 if seen is q8_0 else 1.01)).all()))


if __name__ == "__main__":
    unittest.main()

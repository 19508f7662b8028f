"""Writes the encoder as one GGUF file (architecture `bert`), and says how near the file comes to what the training saw at its end.

    python export.py --work WORK --out ../understudy-encoder

The embeddings of the pieces and the other matrices are Q4_0, biases, norms and positions F32; container.py and blocks.py are the generator's.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

sys.path.append(str(Path(__file__).resolve().parent.parent / "train"))
from blocks import F32  # noqa: E402
from container import ARRAY, FLOAT32, INT32, STRING, UINT32, field, read, write  # noqa: E402

from encoder import EPSILON, FEED_FORWARD, HEADS, LAYERS, POSITIONS, STORED, WIDTH, Encoder, encode, load_pieces  # noqa: E402

NAMES = {
    "tokens.weight": "token_embd.weight", "positions.weight": "position_embd.weight", "types.weight": "token_types.weight",
    "norm.": "token_embd_norm.", "query.": "attn_q.", "key.": "attn_k.", "value.": "attn_v.", "output.": "attn_output.",
    "attention_norm.": "attn_output_norm.", "up.": "ffn_up.", "down.": "ffn_down.", "output_norm.": "layer_output_norm.",
}
PROBES = ["How do I get my money back?", "where is my parcel", "我想退货，怎么办？", "reset the thermostat"]


def stored_as(key: str, dimensions: int) -> int:
    """Return the type of a tensor in the file."""
    return F32 if dimensions == 1 or key.startswith(("positions", "types")) else STORED


def tensor_name(name: str) -> str:
    """Return the name of a weight in GGUF."""
    if not name.startswith("layers."):
        return next(new + name.removeprefix(old) for old, new in NAMES.items() if name.startswith(old))
    _, layer, rest = name.split(".", 2)
    return f"blk.{layer}." + next(new + rest.removeprefix(old) for old, new in NAMES.items() if rest.startswith(old))


def metadata(name: str, vocabulary: list[str]) -> list[bytes]:
    """Return every metadata pair of the file."""
    return [
        field("general.architecture", STRING, "bert"),
        field("general.name", STRING, name),
        field("general.license", STRING, "cc-by-4.0"),
        field("general.description", STRING, "Vectors of short English and Chinese texts, for intents and retrieval."),
        field("general.quantization_version", UINT32, 2),
        field("general.file_type", UINT32, 2),
        field("bert.context_length", UINT32, POSITIONS),
        field("bert.embedding_length", UINT32, WIDTH),
        field("bert.block_count", UINT32, LAYERS),
        field("bert.feed_forward_length", UINT32, FEED_FORWARD),
        field("bert.attention.head_count", UINT32, HEADS),
        field("bert.attention.layer_norm_epsilon", FLOAT32, EPSILON),
        field("bert.pooling_type", UINT32, 1),
        field("tokenizer.ggml.model", STRING, "bert"),
        field("tokenizer.ggml.tokens", ARRAY, vocabulary),
        field("tokenizer.ggml.token_type", ARRAY, [3 if t in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]") else 1 for t in vocabulary], INT32),
        field("tokenizer.ggml.unknown_token_id", UINT32, vocabulary.index("[UNK]")),
        field("tokenizer.ggml.padding_token_id", UINT32, vocabulary.index("[PAD]")),
        field("tokenizer.ggml.cls_token_id", UINT32, vocabulary.index("[CLS]")),
        field("tokenizer.ggml.seperator_token_id", UINT32, vocabulary.index("[SEP]")),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    pieces = load_pieces(args.work)
    vocabulary = (args.work / "vocab.txt").read_text(encoding="utf-8").split("\n")
    state = torch.load(args.work / "encoder.pt", map_location="cpu", weights_only=True)
    args.out.mkdir(parents=True, exist_ok=True)
    path = args.out / "understudy-encoder.q4_0.gguf"
    write(path, metadata("understudy-encoder", vocabulary), [(tensor_name(key), value, stored_as(key, value.dim())) for key, value in state.items()])
    _, found = read(path)
    trained, stored = Encoder(len(vocabulary)), Encoder(len(vocabulary))
    trained.load_state_dict(state)
    trained.see_stored()
    stored.load_state_dict({key: torch.from_numpy(found[tensor_name(key)]) for key in state})
    before, after = (torch.from_numpy(encode(model.eval(), pieces, PROBES)) for model in (trained, stored))
    print(f"{path.name}: {path.stat().st_size} bytes, {sum(weights.size for weights in found.values())} parameters")
    print("cosine of the file to the training:", np.round(F.cosine_similarity(before, after).numpy(), 5).tolist())


if __name__ == "__main__":
    main()

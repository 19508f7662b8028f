"""Writes the encoder as one GGUF file (architecture `bert`), and says what quantization costs.

    python export.py --work WORK --out ../understudy-encoder

The embeddings of the pieces are Q5_0, the other matrices Q8_0, biases, norms and positions F32; the writer of the container is the generator's.
"""

from __future__ import annotations

import argparse
import struct
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

sys.path.append(str(Path(__file__).resolve().parent.parent / "train"))
from export_gguf import ALIGNMENT, ARRAY, F32, FLOAT32, INT32, Q8_0, STRING, UINT32, field, from_q8_0, q8_0, text  # noqa: E402

from encoder import EPSILON, FEED_FORWARD, HEADS, LAYERS, POSITIONS, WIDTH, Encoder, encode, load_pieces  # noqa: E402

Q5_0 = 6
NAMES = {
    "tokens.weight": "token_embd.weight", "positions.weight": "position_embd.weight", "types.weight": "token_types.weight",
    "norm.": "token_embd_norm.", "query.": "attn_q.", "key.": "attn_k.", "value.": "attn_v.", "output.": "attn_output.",
    "attention_norm.": "attn_output_norm.", "up.": "ffn_up.", "down.": "ffn_down.", "output_norm.": "layer_output_norm.",
}
PROBES = ["How do I get my money back?", "where is my parcel", "我想退货，怎么办？", "reset the thermostat"]


def q5_0(matrix: np.ndarray) -> np.ndarray:
    """Quantize rows of multiples of 32 to Q5_0 blocks (ggml's block_q5_0: scale, fifth bits, two values of four bits a byte); returns bytes."""
    blocks = matrix.astype(np.float32).reshape(-1, 32)
    largest = blocks[np.arange(len(blocks)), np.abs(blocks).argmax(axis=1)]
    scale = largest / -16
    inverse = np.where(scale != 0, 1 / np.where(scale != 0, scale, 1), 0)
    quants = np.clip(np.floor(blocks * inverse[:, None] + 16.5), 0, 31).astype(np.uint32)
    out = np.empty((len(blocks), 22), dtype=np.uint8)
    out[:, :2] = scale.astype("<f2")[:, None].view(np.uint8)
    out[:, 2:6] = ((quants >> 4) << np.arange(32, dtype=np.uint32)).sum(axis=1, dtype=np.uint32).astype("<u4")[:, None].view(np.uint8)
    out[:, 6:] = (quants[:, :16] & 15) | ((quants[:, 16:] & 15) << 4)
    return out.reshape(-1)


def from_q5_0(data: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Turn Q5_0 bytes back into float32."""
    blocks = data.reshape(-1, 22)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    fifth = (blocks[:, 2:6].copy().view("<u4") >> np.arange(32, dtype=np.uint32)) & 1
    low = np.concatenate([blocks[:, 6:] & 15, blocks[:, 6:] >> 4], axis=1)
    return (scale * ((low | (fifth << 4)).astype(np.float32) - 16)).reshape(shape)


def encoded(key: str, array: np.ndarray) -> tuple[int, bytes, np.ndarray]:
    """Return the type of a tensor, its bytes, and the values that are read from them."""
    if array.ndim == 1 or key.startswith(("positions", "types")):
        return F32, array.astype("<f4").tobytes(), array
    if key.startswith("tokens"):
        return Q5_0, (data := q5_0(array)).tobytes(), from_q5_0(data, array.shape)
    return Q8_0, (data := q8_0(array)).tobytes(), from_q8_0(data, array.shape)


def tensor_name(name: str) -> str:
    """Return the name of a weight in GGUF."""
    if not name.startswith("layers."):
        return next(new + name.removeprefix(old) for old, new in NAMES.items() if name.startswith(old))
    _, layer, rest = name.split(".", 2)
    return f"blk.{layer}." + next(new + rest.removeprefix(old) for old, new in NAMES.items() if rest.startswith(old))


def write(path: Path, name: str, vocabulary: list[str], state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Write header, metadata, tensor table and aligned tensor data; return the weights that a reader finds."""
    pairs = [
        field("general.architecture", STRING, "bert"),
        field("general.name", STRING, name),
        field("general.license", STRING, "cc-by-4.0"),
        field("general.description", STRING, "Vectors of short English and Chinese texts, for intents and retrieval."),
        field("general.quantization_version", UINT32, 2),
        field("general.file_type", UINT32, 7),
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
    table, data, offset = b"", [], 0
    found: dict[str, torch.Tensor] = {}
    for key, value in state.items():
        array = value.float().numpy()
        kind, raw, read = encoded(key, array)
        found[key] = torch.from_numpy(read)
        table += text(tensor_name(key)) + struct.pack("<I", array.ndim) + b"".join(struct.pack("<Q", d) for d in reversed(array.shape))
        table += struct.pack("<IQ", kind, offset)
        padding = -len(raw) % ALIGNMENT
        data.append(raw + b"\0" * padding)
        offset += len(raw) + padding
    head = b"GGUF" + struct.pack("<IQQ", 3, len(state), len(pairs)) + b"".join(pairs) + table
    path.write_bytes(head + b"\0" * (-len(head) % ALIGNMENT) + b"".join(data))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    pieces = load_pieces(args.work)
    vocabulary = (args.work / "vocab.txt").read_text(encoding="utf-8").split("\n")
    state = torch.load(args.work / "encoder.pt", map_location="cpu", weights_only=True)
    args.out.mkdir(parents=True, exist_ok=True)
    path = args.out / "understudy-encoder.q8_0.gguf"
    found = write(path, "understudy-encoder", vocabulary, state)
    exact, rounded = Encoder(len(vocabulary)), Encoder(len(vocabulary))
    exact.load_state_dict(state)
    rounded.load_state_dict(found)
    before, after = (torch.from_numpy(encode(model.eval(), pieces, PROBES)) for model in (exact, rounded))
    print(f"{path.name}: {path.stat().st_size} bytes, {sum(weights.numel() for weights in found.values())} parameters")
    print("cosine of rounded to exact:", np.round(F.cosine_similarity(before, after).numpy(), 5).tolist())


if __name__ == "__main__":
    main()

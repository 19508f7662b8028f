"""Writes a checkpoint as one GGUF v3 file, reads it back, and writes golden numerics for other runtimes.

    python export_gguf.py --work WORK --model answers.pt --out ../understudy-tiny [--name understudy-tiny] [--type q8_0]

Matrices are Q8_0: blocks of 32 along the row, one f16 scale d = max|x| / 127 and 32 int8 each. With `--type q4_0`, for a model trained with
`--round q4_0`, those of the layers are Q4_0 (4-bit levels, low halves of the bytes first); the embedding stays Q8_0.
Norms stay F32. The head is tied: there is no output.weight. The container is written here, without a library
(format: the GGUF specification of the ggml project); `--check` also reads it with the PyPI package `gguf`.
"""

from __future__ import annotations

import argparse
import json
import struct
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from model import Decoder, Shape, greedy
from tokenizer import ASSISTANT, END, PAD, SPECIAL, SYSTEM, TEMPLATE, USER, chat_ids, load

UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
F32, Q4_0, Q8_0 = 0, 2, 8
ALIGNMENT = 32


def q8_0(matrix: np.ndarray) -> np.ndarray:
    """Quantize rows of multiples of 32 to Q8_0 blocks; returns bytes."""
    blocks = matrix.astype(np.float32).reshape(-1, 32)
    scale = np.abs(blocks).max(axis=1) / 127
    inverse = np.where(scale > 0, 1 / np.where(scale > 0, scale, 1), 0)
    quants = np.rint(blocks * inverse[:, None]).astype(np.int8)
    out = np.empty((len(blocks), 34), dtype=np.uint8)
    out[:, :2] = scale.astype("<f2")[:, None].view(np.uint8)
    out[:, 2:] = quants.view(np.uint8)
    return out.reshape(-1)


def from_q8_0(data: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Turn Q8_0 bytes back into float32."""
    blocks = data.reshape(-1, 34)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    return (scale * blocks[:, 2:].view(np.int8).astype(np.float32)).reshape(shape)


def q4_0(matrix: np.ndarray) -> np.ndarray:
    """Quantize rows of multiples of 32 to Q4_0 blocks; returns bytes."""
    blocks = matrix.astype(np.float32).reshape(-1, 32)
    largest = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=1, keepdims=True), 1)
    scale = largest / -8
    inverse = np.where(scale != 0, 1 / np.where(scale != 0, scale, 1), 0)
    levels = np.clip(np.floor(blocks * inverse + np.float32(8.5)), 0, 15).astype(np.uint8)
    out = np.empty((len(blocks), 18), dtype=np.uint8)
    out[:, :2] = scale.astype("<f2").view(np.uint8)
    out[:, 2:] = levels[:, :16] | levels[:, 16:] << 4
    return out.reshape(-1)


def from_q4_0(data: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Turn Q4_0 bytes back into float32."""
    blocks = data.reshape(-1, 18)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    levels = np.concatenate((blocks[:, 2:] & 15, blocks[:, 2:] >> 4), 1).astype(np.float32) - 8
    return (scale * levels).reshape(shape)


def stored_as(key: str, dimensions: int, kind: str) -> int:
    """Return the type of a tensor in a file whose matrices are of a kind."""
    return F32 if dimensions == 1 else Q4_0 if kind == "q4_0" and key.startswith("blk.") else Q8_0


def text(value: str) -> bytes:
    raw = value.encode()
    return struct.pack("<Q", len(raw)) + raw


def field(key: str, kind: int, value: object, inner: int = STRING) -> bytes:
    """Encode one metadata pair."""

    def scalar(k: int, v: object) -> bytes:
        if k == STRING:
            return text(str(v))
        return struct.pack({UINT32: "<I", INT32: "<i", FLOAT32: "<f", BOOL: "<?"}[k], v)

    head = text(key) + struct.pack("<I", kind)
    if kind == ARRAY:
        assert isinstance(value, list)
        return head + struct.pack("<IQ", inner, len(value)) + b"".join(scalar(inner, v) for v in value)
    return head + scalar(kind, value)


def metadata(shape: Shape, tokenizer_json: dict, name: str, kind: str) -> list[bytes]:
    """Return every metadata pair of the file."""
    vocab = sorted(tokenizer_json["model"]["vocab"].items(), key=lambda item: item[1])
    assert [i for _, i in vocab] == list(range(shape.vocab)), "token ids must be dense"
    merges = [m if isinstance(m, str) else " ".join(m) for m in tokenizer_json["model"]["merges"]]
    p = "llama"
    return [
        field("general.architecture", STRING, "llama"),
        field("general.name", STRING, name),
        field("general.license", STRING, "cc-by-4.0"),
        field("general.description", STRING, "Words short grounded answers with [n] citations from numbered passages, in English and Simplified Chinese, or refuses with NONE."),
        field("general.quantization_version", UINT32, 2),
        field("general.file_type", UINT32, {"q8_0": 7, "q4_0": 2}[kind]),
        field(f"{p}.vocab_size", UINT32, shape.vocab),
        field(f"{p}.context_length", UINT32, shape.context),
        field(f"{p}.embedding_length", UINT32, shape.width),
        field(f"{p}.block_count", UINT32, shape.layers),
        field(f"{p}.feed_forward_length", UINT32, shape.feed_forward),
        field(f"{p}.attention.head_count", UINT32, shape.heads),
        field(f"{p}.attention.head_count_kv", UINT32, shape.kv_heads),
        field(f"{p}.attention.layer_norm_rms_epsilon", FLOAT32, shape.eps),
        field(f"{p}.rope.dimension_count", UINT32, shape.head_width),
        field(f"{p}.rope.freq_base", FLOAT32, shape.rope_base),
        field("tokenizer.ggml.model", STRING, "gpt2"),
        field("tokenizer.ggml.pre", STRING, "smollm"),
        field("tokenizer.ggml.tokens", ARRAY, [t for t, _ in vocab]),
        field("tokenizer.ggml.token_type", ARRAY, [3 if t in SPECIAL else 1 for t, _ in vocab], INT32),
        field("tokenizer.ggml.merges", ARRAY, merges),
        field("tokenizer.ggml.bos_token_id", UINT32, END),
        field("tokenizer.ggml.eos_token_id", UINT32, END),
        field("tokenizer.ggml.padding_token_id", UINT32, PAD),
        field("tokenizer.ggml.add_bos_token", BOOL, False),
        field("tokenizer.ggml.add_eos_token", BOOL, False),
        field("tokenizer.chat_template", STRING, TEMPLATE),
    ]


def write(path: Path, shape: Shape, state: dict[str, torch.Tensor], tokenizer_json: dict, name: str, kind: str) -> None:
    """Write header, metadata, tensor table and aligned tensor data."""
    pairs = metadata(shape, tokenizer_json, name, kind)
    table, data, offset = b"", [], 0
    for key, value in state.items():
        array = value.float().numpy()
        stored = stored_as(key, array.ndim, kind)
        raw = array.astype("<f4").tobytes() if stored == F32 else (q4_0 if stored == Q4_0 else q8_0)(array).tobytes()
        # Dimensions are stored innermost first.
        table += text(key) + struct.pack("<I", array.ndim) + b"".join(struct.pack("<Q", d) for d in reversed(array.shape))
        table += struct.pack("<IQ", stored, offset)
        padding = -len(raw) % ALIGNMENT
        data.append(raw + b"\0" * padding)
        offset += len(raw) + padding
    head = b"GGUF" + struct.pack("<IQQ", 3, len(state), len(pairs)) + b"".join(pairs) + table
    path.write_bytes(head + b"\0" * (-len(head) % ALIGNMENT) + b"".join(data))


def read(path: Path) -> tuple[dict[str, object], dict[str, np.ndarray]]:
    """Read a GGUF file of F32, Q4_0 and Q8_0 tensors: metadata and float32 arrays."""
    raw = path.read_bytes()
    at = 0

    def take(form: str) -> int | float | bool:
        nonlocal at
        value = struct.unpack_from(form, raw, at)[0]
        at += struct.calcsize(form)
        return value

    def string() -> str:
        nonlocal at
        length = int(take("<Q"))
        at += length
        return raw[at - length : at].decode()

    def value(kind: int) -> object:
        if kind == STRING:
            return string()
        if kind == ARRAY:
            inner, count = int(take("<I")), int(take("<Q"))
            return [value(inner) for _ in range(count)]
        return take({UINT32: "<I", INT32: "<i", FLOAT32: "<f", BOOL: "<?"}[kind])

    assert raw[:4] == b"GGUF"
    at = 4
    assert take("<I") == 3
    tensors, pairs = int(take("<Q")), int(take("<Q"))
    meta = {string(): value(int(take("<I"))) for _ in range(pairs)}
    table = []
    for _ in range(tensors):
        key = string()
        dims = tuple(int(take("<Q")) for _ in range(int(take("<I"))))[::-1]
        table.append((key, dims, int(take("<I")), int(take("<Q"))))
    base = at + (-at % ALIGNMENT)
    arrays = {}
    for key, dims, kind, offset in table:
        count = int(np.prod(dims))
        if kind == F32:
            arrays[key] = np.frombuffer(raw, "<f4", count, base + offset).reshape(dims).copy()
        elif kind == Q4_0:
            arrays[key] = from_q4_0(np.frombuffer(raw, np.uint8, count // 32 * 18, base + offset), dims)
        else:
            arrays[key] = from_q8_0(np.frombuffer(raw, np.uint8, count // 32 * 34, base + offset), dims)
    return meta, arrays


def decoder_of(path: Path) -> Decoder:
    """Build the float32 decoder of the dequantized weights of a GGUF file."""
    meta, arrays = read(path)
    get = lambda key: meta[f"llama.{key}"]  # noqa: E731
    shape = Shape(
        vocab=get("vocab_size"), width=get("embedding_length"), layers=get("block_count"), heads=get("attention.head_count"), kv_heads=get("attention.head_count_kv"),
        feed_forward=get("feed_forward_length"), context=get("context_length"), rope_base=get("rope.freq_base"), eps=get("attention.layer_norm_rms_epsilon"),
    )
    model = Decoder(shape)
    model.load_state_dict({k: torch.from_numpy(v) for k, v in arrays.items()})
    return model.eval()


GOLDEN = [
    (
        "[1] Fernhill Outdoors > Returns\nYou can return unworn boots within 45 days of delivery. Return postage costs £3.95, which we take from your refund.\n\n"
        "[2] Fernhill Outdoors > Delivery\nStandard delivery takes 3 to 5 working days. Express delivery takes 1 day and costs £6.50.\n\nQuestion: How much is express delivery?"
    ),
    (
        "[1] Quillo Notes > Plans\nPlan | Price | Storage\nSolo | $4 a month | 10 GB\nTeam | $11 a month | 250 GB\n\nQuestion: How much storage does the Team plan have?"
    ),
    "[1] 小鹿优选 > 退换货\n收到商品后7天内可以退货，商品须未使用。退货运费为12元，将从退款中扣除。\n\n[2] 小鹿优选 > 客服\n客服电话是400-215-8830，服务时间9:00到21:00。\n\n问题：客服几点上班？",
    "[1] 晴川咖啡 > 会员\n会员每月18元，可享受八折。您可以随时在“我的账户 > 订阅”中取消。\n\n问题：晴川咖啡送货到西藏吗？",
]


@torch.no_grad()
def golden(model: Decoder, tokenizer: Tokenizer, file_name: str, kind: str) -> dict:
    """Decode the four invented prompts greedily and record ids and the first step's five best logits."""
    cases = []
    for prompt in GOLDEN:
        ids = chat_ids(tokenizer, [("user", prompt)])
        logits = model.logits(model(torch.tensor([ids]))[:, -1])[0]
        best = logits.topk(5)
        out = greedy(model, ids, END, 80)
        cases.append({
            "content": prompt, "prompt_ids": ids, "output_ids": out, "output": tokenizer.decode(out),
            "first_step_top5": [[int(i), round(float(v), 4)] for v, i in zip(best.values, best.indices, strict=True)],
        })
    return {
        "file": file_name, "arithmetic": f"float32 on dequantized {kind.upper()} weights", "stop_id": END, "role_ids": {"system": SYSTEM, "user": USER, "assistant": ASSISTANT},
        "tokenization": "role id, then the text \"\\n\" + content, then 1, then \"\\n\"; at the end 4 and \"\\n\"", "cases": cases,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--model", default="answers.pt")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--name", default="understudy-tiny")
    parser.add_argument("--type", choices=("q8_0", "q4_0"), default="q8_0")
    parser.add_argument("--check", action="store_true", help="read the file with the PyPI package gguf as well")
    args = parser.parse_args()
    saved = torch.load(args.work / args.model, map_location="cpu", weights_only=True)
    torch.set_num_threads(1)
    state, shape = saved["model"], Shape(**saved["shape"])
    tokenizer_json = json.loads((args.work / "tokenizer.json").read_text(encoding="utf-8"))
    path = args.out / f"{args.name}.{args.type}.gguf"
    write(path, shape, state, tokenizer_json, args.name, args.type)
    _, arrays = read(path)
    worst = max(float(np.abs(arrays[k] - v.float().numpy()).max() / v.abs().max()) for k, v in state.items())
    print(f"{path.name}: {path.stat().st_size} bytes, {len(arrays)} tensors, {sum(a.size for a in arrays.values())} parameters, worst relative rounding {worst:.4f}")
    if args.check:
        from gguf import GGUFReader, dequantize

        reader = GGUFReader(path)
        for tensor in reader.tensors:
            other = dequantize(tensor.data, tensor.tensor_type).reshape(arrays[tensor.name].shape)
            assert np.array_equal(other, arrays[tensor.name]), tensor.name
        print(f"gguf package agrees on {len(reader.tensors)} tensors and {len(reader.fields)} fields")
    report = golden(decoder_of(path), load(args.work / "tokenizer.json"), path.name, args.type)
    (args.out / "golden.json").write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for case in report["cases"]:
        print(repr(case["output"]))


if __name__ == "__main__":
    main()

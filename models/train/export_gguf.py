"""Writes a checkpoint as one GGUF v3 file, reads it back, and writes golden numerics for other runtimes.

    python export_gguf.py --work WORK --model answers.pt --out ../understudy-tiny [--name understudy-tiny] [--type q8_0]

Matrices are Q8_0: blocks of 32 along the row, one f16 scale d = max|x| / 127 and 32 int8 each. With `--type q4_0`, for a model trained with
`--round q4_0`, those of the layers are Q4_0 (4-bit levels, low halves of the bytes first); the embedding stays Q8_0.
Norms stay F32. The head is tied: there is no output.weight. The file is written without a library (container.py, blocks.py); `--check` also reads it
with the PyPI package `gguf`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from blocks import F32, Q4_0, Q8_0
from container import ARRAY, BOOL, FLOAT32, INT32, STRING, UINT32, field, read, write
from model import Decoder, Shape, greedy
from tokenizer import ASSISTANT, END, PAD, SPECIAL, SYSTEM, TEMPLATE, USER, chat_ids, load


def stored_as(key: str, dimensions: int, kind: str) -> int:
    """Return the type of a tensor in a file whose matrices are of a kind."""
    return F32 if dimensions == 1 else Q4_0 if kind == "q4_0" and key.startswith("blk.") else Q8_0


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
    tensors = [(key, value, stored_as(key, value.dim(), args.type)) for key, value in state.items()]
    write(path, metadata(shape, tokenizer_json, args.name, args.type), tensors)
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

"""Turns rows and prose into token ids in shards, so that a machine without the data can train.

    python pack.py --work WORK [--out WORK/packed] [--prose]

Writes `answers-NNN.npz.xz` and `prose-NNN.npz.xz` (each at most 16 MiB) and `packed.json`: vocabulary, tokenizer, counts and SHA-256 of each shard.
A shard holds four arrays: `ids` (uint16), `roles` (uint8: 0 told, 1 question, 2 answer), `parts` (uint8: 0 = seen by all questions of the row, n = question n and its answer)
and `lengths` (uint32 a row). The tokenizer and the dev rows are copied beside them: the folder is all that train.py, evaluate.py and export_gguf.py need.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import lzma
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from spans import prompt
from tokenizer import ASSISTANT, END, USER, chat_ids, load, plain_ids

TOLD, QUESTION, ANSWER = range(3)
SHARD_BYTES = 16 * 1024 * 1024
PROSE_ROW = 512


@dataclass(frozen=True)
class Packed:
    """Token ids of one row with what each is."""

    ids: np.ndarray
    roles: np.ndarray
    parts: np.ndarray


def encode_row(tokenizer: Tokenizer, row: dict, most: int) -> Packed | None:
    """Encode one row of grounded.py; questions that do not fit into `most` tokens are left out. None when not even one does."""
    newline = tokenizer.encode("\n").ids
    label = "问题" if row["lang"] == "zh" else "Question"
    # What stands before the label's colon is the same for all questions, also token by token: pre-tokenization cuts there.
    whole = prompt([(head, text) for head, text in row["passages"]], "", row["lang"])
    shared = whole[: whole.rindex(label) + len(label)]
    told = chat_ids(tokenizer, [tuple(one) for one in row.get("earlier", [])], answer=False)
    told += [USER, *plain_ids(tokenizer, "\n" + shared)]
    ids, roles, parts, part = told, [TOLD] * len(told), [0] * len(told), 0
    for question, answer in row["asked"]:
        asked = [*plain_ids(tokenizer, whole[len(shared) :] + question), END, *newline, ASSISTANT, *newline]
        said = [*plain_ids(tokenizer, answer), END]
        if len(ids) + len(asked) + len(said) > most:
            continue
        part += 1
        ids = ids + asked + said
        roles = roles + [QUESTION] * len(asked) + [ANSWER] * len(said)
        parts = parts + [part] * (len(asked) + len(said))
    if part == 0:
        return None
    return Packed(np.array(ids, np.uint16), np.array(roles, np.uint8), np.array(parts, np.uint8))


def answers(work: Path, tokenizer: Tokenizer, most: int) -> Iterator[Packed]:
    with (work / "grounded.train.jsonl").open(encoding="utf-8") as stream:
        for line in stream:
            if row := encode_row(tokenizer, json.loads(line), most):
                yield row


def prose(work: Path, tokenizer: Tokenizer) -> Iterator[Packed]:
    """Yield the documents one after the other, in rows of equal length."""
    left: list[int] = []
    with (work / "prose.train.jsonl").open(encoding="utf-8") as stream:
        for line in stream:
            left += [*plain_ids(tokenizer, json.loads(line)["text"]), END]
            while len(left) >= PROSE_ROW:
                ids, left = left[:PROSE_ROW], left[PROSE_ROW:]
                yield Packed(np.array(ids, np.uint16), np.full(PROSE_ROW, ANSWER, np.uint8), np.zeros(PROSE_ROW, np.uint8))


def shard(rows: list[Packed]) -> bytes:
    stream = io.BytesIO()
    np.savez(
        stream, ids=np.concatenate([r.ids for r in rows]), roles=np.concatenate([r.roles for r in rows]), parts=np.concatenate([r.parts for r in rows]),
        lengths=np.array([len(r.ids) for r in rows], np.uint32),
    )
    return lzma.compress(stream.getvalue(), preset=2)


def write(rows: Iterator[Packed], name: str, out: Path) -> list[dict]:
    """Write shards of so many rows that none exceeds the limit; the first guess is a token packed into a byte and a half."""
    listed: list[dict] = []
    waiting: list[Packed] = []
    size = 0

    def flush() -> None:
        nonlocal waiting, size
        if not waiting:
            return
        raw = shard(waiting)
        if len(raw) > SHARD_BYTES:
            raise SystemExit(f"a shard of {len(waiting)} rows has {len(raw)} bytes")
        path = out / f"{name}-{len(listed):03}.npz.xz"
        path.write_bytes(raw)
        listed.append({"file": path.name, "rows": len(waiting), "tokens": size, "bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest()})
        waiting, size = [], 0

    for row in rows:
        waiting.append(row)
        size += len(row.ids)
        if size >= 9_000_000:
            flush()
    flush()
    return listed


def read(path: Path, sha256: str) -> list[Packed]:
    """Read one shard; ends when it is not the one that `packed.json` lists."""
    raw = path.read_bytes()
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise SystemExit(f"{path.name} is not the shard that packed.json lists")
    with np.load(io.BytesIO(lzma.decompress(raw))) as arrays:
        ends = np.cumsum(arrays["lengths"])[:-1]
        columns = [np.split(arrays[key], ends) for key in ("ids", "roles", "parts")]
    return [Packed(*row) for row in zip(*columns, strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, help="folder of the shards, default WORK/packed")
    parser.add_argument("--most", type=int, default=512, help="longest row in tokens")
    parser.add_argument("--prose", action="store_true", help="pack the prose of the warm-up as well")
    args = parser.parse_args()
    out: Path = args.out or args.work / "packed"
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = load(args.work / "tokenizer.json")
    for name in ("tokenizer.json", "grounded.dev.jsonl"):
        if args.work != out and (args.work / name).exists():
            shutil.copy(args.work / name, out / name)
    about = {
        "vocab": tokenizer.get_vocab_size(), "most": args.most, "answers": write(answers(args.work, tokenizer, args.most), "answers", out),
        "prose": write(prose(args.work, tokenizer), "prose", out) if args.prose else [],
    }
    (out / "packed.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    for kind in ("answers", "prose"):
        print(kind, {key: sum(one[key] for one in about[kind]) for key in ("rows", "tokens", "bytes")}, "in", len(about[kind]), "shards")


if __name__ == "__main__":
    main()

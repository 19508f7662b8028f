"""Trains the decoder in two stages; the learning rate follows the clock, so that a busy machine only means fewer steps.

    python train.py prose   --work WORK --minutes 12 --out prose.pt
    python train.py answers --work WORK --minutes 45 --start prose.pt --out answers.pt [--device cuda]

`prose`: language-model warm-up on packed documents; a share of the rows repeats a span, which is what makes copying appear early.
`answers`: grounded answering (rows of grounded.py); the loss is on the answer and, lightly, on some prompt tokens.
On the CPU each step is cut into parts which `--threads` workers take one by one, each on one core and with its own gradients:
on a machine that others use this keeps both cores busy, where threads inside one operator would wait for each other.
Both write a resumable checkpoint every few minutes (run the same command again) and a line to training-log.csv every 20 steps.
"""

from __future__ import annotations

import argparse
import csv
import queue
import threading
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from model import Decoder, Shape
from tokenizer import END, PAD, chat_ids, load, plain_ids

Batch = tuple[np.ndarray, np.ndarray]  # ids [rows, length + 1], weight of predicting ids[:, 1:] (0 = not trained)


def prose_tokens(work: Path) -> np.ndarray:
    """Encode the prose once and keep it as prose.npy."""
    cache = work / "prose.npy"
    if not cache.exists():
        tokenizer = load(work / "tokenizer.json")
        with (work / "prose.train.jsonl").open(encoding="utf-8") as stream:
            texts = [json.loads(line)["text"] for line in stream]
        out: list[int] = []
        for i in range(0, len(texts), 500):
            for one in tokenizer.encode_batch(texts[i : i + 500]):
                out += [*one.ids, END]
        np.save(cache, np.array(out, dtype=np.uint16))
    return np.load(cache)


def prose_batches(work: Path, tokens: int, seed: int, length: int = 256, copy_share: float = 0.35) -> Iterator[Batch]:
    """Yield packed rows of `length`; `copy_share` of them are a span, other text, and the span again."""
    stream = prose_tokens(work)
    rng = np.random.default_rng(seed)
    rows = tokens // length
    while True:
        ids = np.empty((rows, length + 1), dtype=np.int64)
        for row in ids:
            at = rng.integers(0, len(stream) - length - 2)
            row[:] = stream[at : at + length + 1]
            if rng.random() < copy_share:
                span = int(rng.integers(12, 90))
                gap = int(rng.integers(0, length - 2 * span - 1)) if length > 2 * span + 1 else 0
                piece = rng.integers(5, 8192, span) if rng.random() < 0.25 else row[:span].copy()
                row[:span] = piece
                row[span + gap : 2 * span + gap] = piece
        yield ids, np.ones((rows, length), dtype=np.float32)


def answer_rows(work: Path) -> list[tuple[np.ndarray, np.ndarray]]:
    """Encode grounded.train.jsonl; each row is (ids, True where an answer token stands), further questions as further turns."""
    tokenizer = load(work / "tokenizer.json")
    rows: list[tuple[np.ndarray, np.ndarray]] = []
    with (work / "grounded.train.jsonl").open(encoding="utf-8") as stream:
        for line in stream:
            row = json.loads(line)
            ids: list[int] = []
            mask: list[bool] = []
            label = "问题：" if row["lang"] == "zh" else "Question: "
            turns = [([*map(tuple, row.get("earlier", [])), ("user", row["prompt"])], row["answer"])]
            turns += [([("user", label + question)], answer) for question, answer in row.get("more", [])]
            for messages, answer in turns:
                prompt = chat_ids(tokenizer, messages)
                if ids:
                    prompt = [*tokenizer.encode("\n").ids, *prompt]
                told = [*plain_ids(tokenizer, answer), END]
                if len(ids) + len(prompt) + len(told) > 720:
                    break
                ids += prompt + told
                mask += [False] * len(prompt) + [True] * len(told)
            if ids:
                rows.append((np.array(ids, dtype=np.uint16), np.array(mask)))
    return rows


def answer_batches(rows: list[tuple[np.ndarray, np.ndarray]], tokens: int, seed: int, prompt_share: float, prompt_weight: float) -> Iterator[Batch]:
    """Yield padded batches of rows of similar length, about `tokens` tokens each."""
    rng = np.random.default_rng(seed)
    while True:
        order = rng.permutation(len(rows))
        for start in range(0, len(order), 4096):
            part = sorted(order[start : start + 4096], key=lambda i: len(rows[i][0]))
            batches: list[list[int]] = []
            at = len(part)
            while at > 0:  # longest first; the length is a multiple of 16 and fixes the number of rows, so that few shapes occur
                count = max(1, tokens // (-(-len(rows[part[at - 1]][0]) // 16) * 16))
                batches.append(part[max(0, at - count) : at])
                at -= count
            for b in rng.permutation(len(batches)):
                chosen = batches[b]
                length = -(-max(len(rows[i][0]) for i in chosen) // 16) * 16 + 1
                ids = np.full((len(chosen), length), PAD, dtype=np.int64)
                weight = np.zeros((len(chosen), length - 1), dtype=np.float32)
                for r, i in enumerate(chosen):
                    one, mask = rows[i]
                    ids[r, : len(one)] = one
                    light = (rng.random(len(one) - 1) < prompt_share) * prompt_weight
                    weight[r, : len(one) - 1] = np.where(mask[1:], 1.0, light)
                yield ids, weight


class Muon(torch.optim.Optimizer):
    """Momentum with orthogonalised updates for the matrices of the layers (Jordan et al. 2024; Newton-Schulz, 5 steps)."""

    def __init__(self, params: list[Tensor], lr: float, momentum: float = 0.95, decay: float = 0.05) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "decay": decay})

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            by_shape: dict[torch.Size, list[Tensor]] = {}
            for p in group["params"]:
                by_shape.setdefault(p.shape, []).append(p)
            for same in by_shape.values():
                updates = []
                for p in same:
                    buffer = self.state[p].setdefault("buffer", torch.zeros_like(p))
                    buffer.lerp_(p.grad, 1 - group["momentum"])
                    updates.append(p.grad.lerp(buffer, group["momentum"]))
                x = torch.stack(updates)
                tall = x.shape[1] > x.shape[2]
                x = (x.mT if tall else x).bfloat16()
                x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
                for _ in range(5):
                    a = x @ x.mT
                    x = 3.4445 * x + (-4.7750 * a + 2.0315 * (a @ a)) @ x
                x = (x.mT if tall else x).float() * (0.2 * max(x.shape[1:]) ** 0.5)
                for p, u in zip(same, x, strict=True):
                    p.mul_(1 - group["lr"] * group["decay"]).add_(u, alpha=-group["lr"])


class Worker:
    """A replica that shares the weights of the model and holds its own gradients."""

    def __init__(self, model: Decoder, device: str) -> None:
        self.device = device
        self.model = Decoder(model.shape).to(device)
        for mine, shared in zip(self.model.parameters(), model.parameters(), strict=True):
            mine.data = shared.data
        self.sums = [0.0, 0.0, 0.0]

    def run(self, parts: queue.SimpleQueue[Batch], total: float) -> None:
        """Take parts until none is left; add up gradients of the loss divided by `total`, and the answer tokens' loss and hits."""
        if self.device == "cpu":
            torch.set_num_threads(1)
        while True:
            try:
                ids_np, weight_np = parts.get_nowait()
            except queue.Empty:
                return
            ids = torch.from_numpy(ids_np).to(self.device)
            weight = torch.from_numpy(weight_np).to(self.device).flatten()
            chosen = weight.nonzero().squeeze(1)
            with torch.autocast(self.device, dtype=torch.bfloat16):
                logits = self.model.logits(self.model(ids[:, :-1]).flatten(0, 1)[chosen])
            logits = logits.float()
            target, scale = ids[:, 1:].flatten()[chosen], weight[chosen]
            each = F.cross_entropy(logits, target, reduction="none")
            ((each * scale).sum() / total).backward()
            with torch.no_grad():
                full = scale == 1
                self.sums[0] += each[full].sum().item()
                self.sums[1] += (logits.argmax(-1) == target)[full].sum().item()
                self.sums[2] += full.sum().item()


def rate(elapsed: float, total: float, step: int, decay_share: float) -> float:
    """Learning-rate factor: 60 warm-up steps, flat, then linear to 2 % over the last `decay_share` of the time."""
    left = max(0.0, 1 - elapsed / total)
    return min(1.0, (step + 1) / 60) * (min(1.0, max(0.02, left / decay_share)) if decay_share else 1.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stage", choices=("prose", "answers"))
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--start", help="checkpoint in WORK to take the weights (and optimizer state) from")
    parser.add_argument("--tokens", type=int, default=8192, help="tokens a step")
    parser.add_argument("--parts", type=int, default=6, help="parts of a step that workers take one by one")
    parser.add_argument("--lr", type=float, default=4e-3)
    parser.add_argument("--decay-share", type=float, default=0.3)
    parser.add_argument("--prompt-share", type=float, default=0.1)
    parser.add_argument("--prompt-weight", type=float, default=0.3)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save-minutes", type=float, default=3)
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    random.seed(args.seed)

    model = Decoder(Shape()).to(args.device)
    matrices = [p for n, p in model.named_parameters() if p.dim() == 2 and n.startswith("blk.")]
    others = [p for n, p in model.named_parameters() if p.dim() == 1 or not n.startswith("blk.")]
    muon = Muon(matrices, args.lr)
    adam = torch.optim.AdamW(others, lr=args.lr, betas=(0.9, 0.95), weight_decay=0.0, fused=True)
    step, elapsed, seen = 0, 0.0, 0
    out = args.work / args.out
    source = out if out.exists() else (args.work / args.start if args.start else None)
    if source is not None:
        saved = torch.load(source, map_location=args.device, weights_only=True)
        model.load_state_dict(saved["model"])
        if "muon" in saved:
            muon.load_state_dict(saved["muon"])
            adam.load_state_dict(saved["adam"])
        if source == out:
            step, elapsed, seen = saved["step"], saved["elapsed"], saved["seen"]

    def save() -> None:
        state = {"model": model.state_dict(), "muon": muon.state_dict(), "adam": adam.state_dict(), "step": step, "elapsed": elapsed, "seen": seen}
        torch.save(state, out.with_suffix(".part"))
        out.with_suffix(".part").replace(out)

    if args.stage == "prose":
        batches = prose_batches(args.work, args.tokens // args.parts, args.seed + step)
    else:
        batches = answer_batches(answer_rows(args.work), args.tokens // args.parts, args.seed + step, args.prompt_share, args.prompt_weight)
    workers = [Worker(model, args.device) for _ in range(args.threads if args.device == "cpu" else 1)]
    total = args.minutes * 60
    log_path = args.work / "training-log.csv"
    fresh = not log_path.exists()
    last_save = tick = time.monotonic()
    window: list[tuple[float, float]] = []
    window_tokens = 0
    with log_path.open("a", newline="") as log_file:
        log = csv.writer(log_file)
        if fresh:
            log.writerow(["stage", "step", "seconds", "tokens_seen", "loss", "token_accuracy", "tokens_per_second", "lr"])
        while elapsed < total:
            begun = time.monotonic()
            factor = rate(elapsed, total, step, args.decay_share)
            for group in [*muon.param_groups, *adam.param_groups]:
                group["lr"] = args.lr * factor
            batch = [next(batches) for _ in range(args.parts)]
            total_weight = float(sum(w.sum() for _, w in batch))
            parts: queue.SimpleQueue[Batch] = queue.SimpleQueue()
            for part in batch:
                parts.put(part)
            crew = [threading.Thread(target=w.run, args=(parts, total_weight)) for w in workers[1:]]
            for one in crew:
                one.start()
            workers[0].run(parts, total_weight)
            for one in crew:
                one.join()
            for p, *copies in zip(model.parameters(), *(w.model.parameters() for w in workers), strict=True):
                grads = [c.grad for c in copies if c.grad is not None]
                p.grad = sum(grads[1:], grads[0])
                for c in copies:
                    c.grad = None
            torch.nn.utils.clip_grad_norm_(others, 1.0)
            muon.step()
            adam.step()
            sums = [sum(column) for column in zip(*(w.sums for w in workers), strict=True)]
            for w in workers:
                w.sums = [0.0, 0.0, 0.0]
            window.append((sums[0] / sums[2], sums[1] / sums[2]))
            step += 1
            seen += sum(int((ids[:, :-1] != PAD).sum()) for ids, _ in batch)
            window_tokens += sum(ids.size for ids, _ in batch)
            elapsed += time.monotonic() - begun
            if step % 20 == 0:
                speed = window_tokens / (time.monotonic() - tick)
                losses = [sum(column) / len(window) for column in zip(*window, strict=True)]
                log.writerow([args.stage, step, round(elapsed), seen, round(losses[0], 4), round(losses[1], 4), round(speed), f"{args.lr * factor:.2e}"])
                log_file.flush()
                print(f"{args.stage} step {step} {elapsed:.0f}s seen {seen} loss {losses[0]:.3f} acc {losses[1]:.3f} {speed:.0f} tok/s lr {args.lr * factor:.1e}", flush=True)
                window, window_tokens, tick = [], 0, time.monotonic()
            if time.monotonic() - last_save > args.save_minutes * 60:
                save()
                last_save = time.monotonic()
    save()


if __name__ == "__main__":
    main()

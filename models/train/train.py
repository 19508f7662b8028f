"""Trains a decoder from packed rows (pack.py) for a given number of minutes or tokens, whichever ends first.

    python train.py prose   --packed WORK/packed --work WORK --minutes 12 --out prose.pt [--size 5m]
    python train.py answers --packed WORK/packed --work WORK --minutes 50 --start-gguf ../understudy-tiny/understudy-tiny.q8_0.gguf --out answers.pt --lr 1.5e-3 --decay-share 1
    sh gpu.sh WORK/packed 15m OUT

The last runs both stages on a GPU (--device cuda), scores the model and writes the file.

`prose`: language-model warm-up; a share of the rows repeats a span, which is what makes copying appear early. `answers`: grounded answering.
The rate rises, stays and falls over the last `--decay-share` of the run. In the last `--round-share` the matrices are seen as they will be stored (rounding.py).
On the CPU a step is cut into parts which `--threads` workers take one by one (crew.py). On a GPU the step is compiled and multiplies in bfloat16.
A checkpoint is written every few minutes; the same command goes on from it. A line goes to OUT.csv every 20 steps.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from batches import Batch, ahead, batches
from crew import gather_gradients, share_out, share_weights
from model import SIZES, Decoder, Shape, parameters
from optimizer import Muon
from pack import Packed, read
from rounding import TYPES, round_weights

COPIES = 0.35


def shards(folder: Path, stage: str, seed: int) -> Iterator[list[Packed]]:
    """Yield the shards of a stage in random order, without end."""
    about = json.loads((folder / "packed.json").read_text(encoding="utf-8"))
    listed = about[stage]
    if not listed:
        raise SystemExit(f"{folder} holds no rows for the stage {stage}")
    rng = np.random.default_rng(seed)
    known = {}
    while True:
        for k in rng.permutation(len(listed)):
            # A few shards stay in memory; more are read again.
            rows = known.get(k) or read(folder / listed[k]["file"], listed[k]["sha256"])
            if len(known) < 8:
                known[k] = rows
            yield rows


class Worker:
    """A replica that shares the weights of the model and holds its own gradients."""

    def __init__(self, model: Decoder, device: str, half: bool, compiled: bool) -> None:
        self.device, self.half = device, half
        self.model = Decoder(model.shape).to(device)
        share_weights(self.model, model)
        self.hidden = torch.compile(self.model, dynamic=False) if compiled else self.model
        self.sums = [0.0, 0.0, 0.0]

    def take(self, batch: Batch, total: float) -> None:
        """Add up the gradients of the loss divided by `total`, and the answer tokens' loss and hits."""
        ids, positions, rows, own, targets, weights = (
            torch.from_numpy(x).to(self.device, non_blocking=True) for x in (batch.ids, batch.positions, batch.rows, batch.parts, batch.targets, batch.weights)
        )
        length = ids.shape[1]
        mask = torch.ones(length, length, dtype=torch.bool, device=ids.device).tril() & (rows[:, :, None] == rows[:, None]) & ((own[:, None] == 0) | (own[:, None] == own[:, :, None]))
        chosen = weights.flatten().nonzero().squeeze(1)
        with torch.autocast(self.device, dtype=torch.bfloat16, enabled=self.half):
            logits = self.model.logits(self.hidden(ids, positions=positions, mask=mask).flatten(0, 1)[chosen])
        logits = logits.float()
        target, scale = targets.flatten()[chosen], weights.flatten()[chosen]
        each = F.cross_entropy(logits, target, reduction="none")
        ((each * scale).sum() / total).backward()
        with torch.no_grad():
            full = scale == 1
            self.sums[0] += each[full].sum().item()
            self.sums[1] += (logits.argmax(-1) == target)[full].sum().item()
            self.sums[2] += full.sum().item()


def rate(done: float, step: int, decay_share: float) -> float:
    """Learning-rate factor: 60 warm-up steps, flat, then linear to zero over the last `decay_share` of the run."""
    return min(1.0, (step + 1) / 60) * min(1.0, max(0.0, 1 - done) / decay_share)


def halves(device: str) -> bool:
    """Tell whether products in bfloat16 are faster: on a GPU, and on processors with units for them."""
    return device != "cpu" or any("bf16" in line or "amx_bf16" in line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("flags"))


def begin(saved: dict | None, gguf: Path | None, size: str | None) -> Decoder:
    """Build the model of a checkpoint, else that of a GGUF file, else a new one of a size; ends when a checkpoint is of another size than is asked for."""
    if saved is not None:
        model = Decoder(Shape(**saved["shape"]))
        if size and gguf is None and parameters(SIZES[size]) != parameters(model.shape):
            raise SystemExit(f"the checkpoint has {parameters(model.shape)} parameters, --size {size} has {parameters(SIZES[size])}: leave --size out to go on from it")
        model.load_state_dict(saved["model"])
        return model
    if gguf is not None:
        from export_gguf import decoder_of

        return decoder_of(gguf).train()
    return Decoder(SIZES[size or "5m"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stage", choices=("prose", "answers"))
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--packed", type=Path, required=True, help="folder of pack.py")
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--tokens-total", type=float, default=float("inf"), help="end after so many tokens")
    parser.add_argument("--tokens-each", type=float, default=float("inf"), help="end after so many tokens for each parameter")
    parser.add_argument("--size", choices=SIZES, help="shape of a new model, 5m when left out; weights that are taken from a file bring their shape")
    parser.add_argument("--out", required=True)
    parser.add_argument("--start", help="checkpoint in WORK to take the weights (and optimizer state) from")
    parser.add_argument("--start-gguf", type=Path, help="GGUF file to take the weights from")
    parser.add_argument("--length", type=int, default=512, help="tokens a bin")
    parser.add_argument("--bins", type=int, default=3, help="bins a part")
    parser.add_argument("--parts", type=int, default=4, help="parts of a step that workers take one by one")
    parser.add_argument("--lr", type=float, default=4e-3)
    parser.add_argument("--decay-share", type=float, default=0.3)
    parser.add_argument("--question-weight", type=float, default=0.1, help="weight of the loss on the visitor's questions")
    parser.add_argument("--round", choices=TYPES, default="q8_0", help="how the matrices will be stored")
    parser.add_argument("--round-share", type=float, default=0.0, help="share of the run, at its end, in which they are rounded so")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save-minutes", type=float, default=3)
    args = parser.parse_args()
    if min(args.minutes, args.tokens_total, args.tokens_each) == float("inf"):
        parser.error("--minutes, --tokens-total or --tokens-each is needed")
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    torch.set_float32_matmul_precision("high")

    cuda = args.device.startswith("cuda")
    out: Path = args.work / args.out
    source = out if out.exists() else (args.work / args.start if args.start else None)
    saved = torch.load(source, map_location=args.device, weights_only=True) if source else None
    model = begin(saved, args.start_gguf, args.size).to(args.device)
    vocab = json.loads((args.packed / "packed.json").read_text(encoding="utf-8"))["vocab"]
    if vocab != model.shape.vocab:
        raise SystemExit(f"the rows were packed with {vocab} tokens, the model has {model.shape.vocab}")
    count = parameters(model.shape)
    tokens_total = min(args.tokens_total, args.tokens_each * count)
    print(f"{count} parameters" + ("" if tokens_total == float("inf") else f", {tokens_total:.3g} tokens: at least {6 * count * tokens_total:.3g} operations"), flush=True)
    matrices = [p for n, p in model.named_parameters() if p.dim() == 2 and n.startswith("blk.")]
    others = [p for n, p in model.named_parameters() if p.dim() == 1 or not n.startswith("blk.")]
    muon = Muon(matrices, args.lr)
    adam = torch.optim.AdamW(others, lr=args.lr, betas=(0.9, 0.95), weight_decay=0.0, fused=True)
    step, elapsed, seen = 0, 0.0, 0
    if saved is not None:
        muon.load_state_dict(saved["muon"])
        adam.load_state_dict(saved["adam"])
        if source == out:
            step, elapsed, seen = saved["step"], saved["elapsed"], saved["seen"]

    # What a run left that was killed while it saved.
    part = out.with_suffix(".part")
    part.unlink(missing_ok=True)

    def save() -> None:
        state = {"shape": model.shape.as_dict(), "model": model.state_dict(), "muon": muon.state_dict(), "adam": adam.state_dict(), "step": step, "elapsed": elapsed, "seen": seen}
        torch.save(state, part)
        part.replace(out)

    stream = batches(shards(args.packed, args.stage, args.seed + step), args.bins, args.length, args.seed + step, args.question_weight, vocab, COPIES if args.stage == "prose" else 0.0)
    stream = ahead(stream, 16) if cuda else stream
    workers = [Worker(model, args.device, halves(args.device), cuda) for _ in range(1 if cuda else args.threads)]
    log_path = out.with_suffix(".csv")
    fresh = not log_path.exists()
    last_save = tick = time.monotonic()
    window: list[tuple[float, float]] = []
    window_tokens, rounded = 0, False
    with log_path.open("a", newline="") as log_file:
        log = csv.writer(log_file)
        if fresh:
            log.writerow(["stage", "step", "seconds", "tokens_seen", "loss", "token_accuracy", "tokens_per_second", "lr"])
        while (done := max(elapsed / 60 / args.minutes, seen / tokens_total)) < 1:
            begun = time.monotonic()
            if not rounded and done >= 1 - args.round_share:
                rounded = True
                for worker in workers:
                    round_weights(worker.model, args.round)
            factor = rate(done, step, args.decay_share)
            for group in [*muon.param_groups, *adam.param_groups]:
                group["lr"] = args.lr * factor
            batch = list(itertools.islice(stream, args.parts))
            total_weight = float(sum(part.weights.sum() for part in batch))
            share_out(batch, [partial(w.take, total=total_weight) for w in workers])
            gather_gradients(model, [w.model for w in workers])
            torch.nn.utils.clip_grad_norm_(others, 1.0)
            muon.step()
            adam.step()
            sums = [sum(column) for column in zip(*(w.sums for w in workers), strict=True)]
            for w in workers:
                w.sums = [0.0, 0.0, 0.0]
            window.append((sums[0] / sums[2], sums[1] / sums[2]))
            step += 1
            tokens = sum(int((part.rows > 0).sum()) for part in batch)
            seen += tokens
            window_tokens += tokens
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

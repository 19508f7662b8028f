"""Trains the encoder to give what the teacher gives, in 256 numbers instead of 384, for English texts and for their Chinese translations.

    python train.py --work WORK --minutes 70

reads what teacher.py wrote, writes WORK/encoder.pt (a checkpoint every five minutes too) and WORK/training-log.csv. The loss has three parts: the
cosine to the teacher's vector, how alike the texts of a batch are among each other, and to the teacher's vectors of the others.

A step is several batches which `--threads` workers take one by one, each on one core and with its own gradients: on a machine that others use
this keeps the cores busy, where threads inside one operator would wait for each other.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import queue
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from encoder import MOST_TOKENS, WIDTH, Encoder, load_pieces, pad
from teacher import BLOCK, Teacher

BATCH = 128
# Texts whose order by length is found at once.
POOL = 40 * BATCH
TYPO_SHARE = 0.12
ENGLISH_OF_PAIR_SHARE = 0.3
TEMPERATURE = 0.05
WARM_UP_STEPS = 300


def mistype(text: str) -> str:
    """Drop, swap or double a letter or two, as visitors do."""
    for _ in range(random.choice((1, 1, 2))):
        if len(text) < 8:
            return text
        at = random.randrange(1, len(text) - 1)
        if not text[at].isalpha():
            continue
        way = random.random()
        if way < 0.35:
            text = text[:at] + text[at + 1 :]
        elif way < 0.7:
            text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        else:
            text = text[:at] + text[at] + text[at:]
    return text


def narrowing(work: Path) -> np.ndarray:
    """Return the directions in which the teacher's vectors vary most, [384, WIDTH]: cosines are kept as well as they can be."""
    paths = sorted((work / "labels").glob("*.npy"))[:5]
    vectors = np.concatenate([np.load(path).astype(np.float32) for path in paths])
    _, energy, directions = np.linalg.svd(vectors.T @ vectors)
    print(f"kept: {energy[:WIDTH].sum() / energy.sum():.3f}", flush=True)
    return directions[:WIDTH].T.astype(np.float32)


def rows(work: Path, directions: np.ndarray) -> list[tuple[str, str | None, np.ndarray]]:
    """Return (text, its English original or None, target) of all that is labelled."""
    plain = {name: json.loads((work / f"{name}.json").read_text(encoding="utf-8")) for name in ("english", "passages")}
    pairs = json.loads((work / "pairs.json").read_text(encoding="utf-8"))
    found: list[tuple[str, str | None, np.ndarray]] = []
    for path in sorted((work / "labels").glob("*.npy")):
        name, number = path.stem.split("-")
        targets = np.load(path).astype(np.float32) @ directions
        targets = (targets / np.linalg.norm(targets, axis=1, keepdims=True)).astype(np.float16)
        for at, target in enumerate(targets, start=int(number) * BLOCK):
            found.append((pairs[at][1], pairs[at][0], target) if name == "pairs" else (plain[name][at], None, target))
    return found


def batches(data: list[tuple[str, str | None, np.ndarray]], pieces) -> Iterator[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
    """Yield ids, mask and targets of one round through the data, texts of like length together."""
    random.shuffle(data)
    for start in range(0, len(data), POOL):
        texts, targets = [], []
        for text, original, target in data[start : start + POOL]:
            texts.append(mistype(text) if original is None and random.random() < TYPO_SHARE else text)
            targets.append(target)
            if original is not None and random.random() < ENGLISH_OF_PAIR_SHARE:
                texts.append(original)
                targets.append(target)
        lists = [e.ids[:MOST_TOKENS] for e in pieces.encode_batch(texts)]
        order = sorted(range(len(lists)), key=lambda at: len(lists[at]) + 3 * random.random())
        cut = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
        random.shuffle(cut)
        for part in cut:
            if len(part) >= BATCH // 8:
                yield *pad([lists[at] for at in part]), torch.from_numpy(np.stack([targets[at] for at in part]).astype(np.float32))


def begin(model: Encoder, pieces, directions: np.ndarray) -> None:
    """Let each piece begin where the teacher sees it alone; Chinese characters begin anywhere."""
    names = [piece for piece, _ in sorted(pieces.get_vocab().items(), key=lambda item: item[1])]
    bare = [name.removeprefix("##") for name in names]
    alone = Teacher().encode(bare) @ directions
    alone -= alone.mean(0)
    weights = torch.tensor(alone / alone.std() * 0.04)
    strange = torch.tensor(["\u3400" <= name[:1] <= "\u9fff" for name in bare])
    weights[strange] = torch.randn(int(strange.sum()), WIDTH) * 0.04
    with torch.no_grad():
        model.tokens.weight.copy_(weights)


def loss_of(given: torch.Tensor, wanted: torch.Tensor) -> tuple[torch.Tensor, float]:
    """Return the loss and the mean cosine."""
    cosine = (given * wanted).sum(1).mean()
    likeness = F.log_softmax(wanted @ wanted.T / TEMPERATURE, 1)
    among = F.kl_div(F.log_softmax(given @ given.T / TEMPERATURE, 1), likeness, log_target=True, reduction="batchmean")
    across = F.kl_div(F.log_softmax(given @ wanted.T / TEMPERATURE, 1), likeness, log_target=True, reduction="batchmean")
    return 4 * (1 - cosine) + among + 0.5 * across, cosine.item()


class Worker:
    """Takes batches until none is left and adds up their gradients; the weights are shared."""

    def __init__(self, model: Encoder, vocabulary: int, is_half: bool) -> None:
        self.model, self.is_half = Encoder(vocabulary), is_half
        for mine, shared in zip(self.model.parameters(), model.parameters(), strict=True):
            mine.data = shared.data
        self.sums = np.zeros(3)

    def run(self, parts: queue.SimpleQueue, count: int) -> None:
        torch.set_num_threads(1)
        while True:
            try:
                ids, mask, wanted = parts.get_nowait()
            except queue.Empty:
                return
            with torch.autocast("cpu", torch.bfloat16, enabled=self.is_half):
                given = self.model(ids, mask)
            loss, cosine = loss_of(given.float(), wanted)
            (loss / count).backward()
            self.sums += (loss.item() / count, cosine / count, len(wanted))


def step_of(model: Encoder, workers: list[Worker], batch: list) -> np.ndarray:
    """Leave the gradients of some batches in the model; return loss, cosine and texts."""
    parts: queue.SimpleQueue = queue.SimpleQueue()
    for part in batch:
        parts.put(part)
    for worker in workers:
        worker.model.zero_grad(set_to_none=True)
        worker.sums = np.zeros(3)
    crew = [threading.Thread(target=worker.run, args=(parts, len(batch))) for worker in workers[1:]]
    for thread in crew:
        thread.start()
    workers[0].run(parts, len(batch))
    for thread in crew:
        thread.join()
    for weights, *copies in zip(model.parameters(), *(worker.model.parameters() for worker in workers), strict=True):
        grads = [copy.grad for copy in copies if copy.grad is not None]
        weights.grad = None if not grads else sum(grads[1:], start=grads[0])
    return sum((worker.sums for worker in workers), start=np.zeros(3))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--start", type=Path, help="a checkpoint to go on from")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--half", action="store_true", help="multiply in bfloat16, for processors with matrix units (AMX)")
    parser.add_argument("--parts", type=int, default=2, help="batches of a step")
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    random.seed(0)
    pieces = load_pieces(args.work)
    directions = narrowing(args.work)
    model = Encoder(pieces.get_vocab_size())
    if args.start is None:
        begin(model, pieces, directions)
    else:
        model.load_state_dict(torch.load(args.start, weights_only=True))
    workers = [Worker(model, pieces.get_vocab_size(), args.half) for _ in range(args.threads)]
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr, weight_decay=0.01, betas=(0.9, 0.98))
    print(f"{sum(p.numel() for p in model.parameters())} parameters", flush=True)
    began = saved = time.time()
    step = seen = rounds = 0
    share, mean = 0.0, None
    with (args.work / "training-log.csv").open("w", encoding="utf-8") as log:
        log.write("seconds,round,step,texts,loss,cosine\n")
        while share < 1:
            rounds += 1
            # Labels that have come meanwhile are learned from the next round on.
            todo = batches(rows(args.work, directions), pieces)
            while share < 1 and (batch := list(itertools.islice(todo, args.parts))):
                rate = args.lr * min(1, (step + 1) / WARM_UP_STEPS) * (0.02 + 0.49 * (1 + math.cos(math.pi * share)))
                for group in optimizer.param_groups:
                    group["lr"] = rate
                loss, cosine, texts = step_of(model, workers, batch)
                torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
                step, seen = step + 1, seen + int(texts)
                now = np.array([loss, cosine])
                mean = now if mean is None else 0.98 * mean + 0.02 * now
                if step % 100 == 0:
                    log.write(f"{time.time() - began:.0f},{rounds},{step},{seen},{mean[0]:.4f},{mean[1]:.4f}\n")
                    log.flush()
                if time.time() - saved > 300:
                    torch.save(model.state_dict(), args.work / "encoder.pt")
                    saved = time.time()
                share = (time.time() - began) / (60 * args.minutes)
    torch.save(model.state_dict(), args.work / "encoder.pt")
    print(f"{rounds} rounds, {step} steps, {seen} texts, loss {mean[0]:.4f}, cosine {mean[1]:.4f}", flush=True)


if __name__ == "__main__":
    main()

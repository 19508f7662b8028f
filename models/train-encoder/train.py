"""Trains the encoder to give what the teacher gives with fewer pieces and four bits a weight, for English texts and for their Chinese translations.

    python train.py --work WORK --minutes 50
    python train.py --work WORK --minutes 40 --start WORK/encoder.pt --round-share 1 --asked

writes WORK/encoder.pt (a checkpoint every five minutes too) and WORK/training-log.csv. The loss has four parts: the cosine to the teacher's vector,
how alike the texts of a batch are among each other, and to the teacher's vectors of the others, and what each layer makes of each token beside
the teacher's layer, where both read the same pieces. The teacher reads as it goes: there are more texts than time.
In the last `--round-share` of the time the weights are seen as they will be stored. With `--asked` half of the batches of a step, rounded down, are questions and the windows that
answer them (answered.py).

A step is several batches which `--threads` workers take one by one (crew.py of the generator).
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F

sys.path.append(str(Path(__file__).resolve().parent.parent / "train"))
from crew import gather_gradients, share_out, share_weights  # noqa: E402

from answered import BATCH as ASKED_BATCH, TOGETHER, AskedBatch, asked_batches, asked_losses, blocks_of  # noqa: E402
from beginning import begin, teacher_ids  # noqa: E402
from encoder import LAYERS, MOST_TOKENS, Encoder, load_pieces, mean, pad, within  # noqa: E402
from teacher import Teacher  # noqa: E402

BATCH = 64
# Texts whose order by length is found at once.
POOL = 60 * BATCH
TYPO_SHARE = 0.12
TEMPERATURE = 0.05
WARM_UP_STEPS = 60
# Rows of each kind that are measured and never trained on.
MEASURED = 384
# So many are read: of English, which the encoder knows from the beginning, what keeps it as it is, and teaches it rare words in other pieces.
MOST_PAIRS, MOST_SENTENCES, MOST_PASSAGES = 160_000, 50_000, 8_000
# Learning rate of the embeddings of the pieces, as a multiple of that of the layers.
TOKENS_RATE = 5
# Weight of what the layers make of the tokens, all layers together.
TOKENS_WEIGHT = 3
# Batches of questions and windows that are measured.
MEASURED_ASKED = 6
MEASURED_BLOCKS = MEASURED_ASKED * ASKED_BATCH // TOGETHER
# How often the questions of written pages come in a round: they are fewer than those of headings, and asked in other words than their page's.
WRITTEN_ROUNDS = 3


class Row(NamedTuple):
    """A text to read, and the text whose vector is wanted."""

    text: str
    meant: str
    is_translation: bool = False


class Batch(NamedTuple):
    """Token ids and masks [texts, tokens] of what the encoder reads and of what the teacher reads, and where both read the same pieces, [texts]."""

    ids: torch.Tensor
    mask: torch.Tensor
    teacher_ids: torch.Tensor
    teacher_mask: torch.Tensor
    is_same: torch.Tensor


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


class Reader:
    """Makes batches of rows; each model reads by its own pieces. All of the encoder's but the characters are pieces of the teacher, too."""

    def __init__(self, work: Path, teacher: Teacher) -> None:
        self.pieces, self.teacher_pieces = load_pieces(work), teacher.pieces
        ids = teacher_ids(self.pieces, teacher)
        # A character that the teacher lacks is not what the teacher makes of one that it does not know.
        self.translate = np.where(ids == teacher.pieces.token_to_id("[UNK]"), -1, ids)
        self.translate[self.pieces.token_to_id("[UNK]")] = teacher.pieces.token_to_id("[UNK]")

    def batch(self, rows: list[Row]) -> Batch:
        read = [within(e.ids, MOST_TOKENS) for e in self.pieces.encode_batch([row.text for row in rows])]
        meant = [within(e.ids, MOST_TOKENS) for e in self.teacher_pieces.encode_batch([row.meant for row in rows])]
        is_same = [self.translate[left].tolist() == right for left, right in zip(read, meant, strict=True)]
        return Batch(*pad(read), *pad(meant), torch.tensor(is_same))

    def batches(self, data: list[Row]) -> Iterator[Batch]:
        """Yield one round through the rows: texts of one kind and of like length together."""
        random.shuffle(data)
        for start in range(0, len(data), POOL):
            rows = [row if row.is_translation or random.random() > TYPO_SHARE else Row(mistype(row.text), row.meant) for row in data[start : start + POOL]]
            rows.sort(key=lambda row: (row.is_translation, len(row.text) * (1 + 0.1 * random.random())))
            cut = [rows[at : at + BATCH] for at in range(0, len(rows), BATCH)]
            random.shuffle(cut)
            for part in cut:
                if len(part) >= BATCH // 4:
                    yield self.batch(part)


def losses(model: Encoder, teacher: Encoder, batch: Batch, is_half: bool) -> tuple[torch.Tensor, float]:
    """Return the loss and the mean cosine to the teacher."""
    with torch.autocast("cpu", torch.bfloat16, enabled=is_half):
        with torch.no_grad():
            theirs = teacher.states(batch.teacher_ids, batch.teacher_mask)
        ours = model.states(batch.ids, batch.mask)
    given, wanted = mean(ours[-1], batch.mask), mean(theirs[-1], batch.teacher_mask)
    cosine = (given * wanted).sum(1).mean()
    likeness = F.log_softmax(wanted @ wanted.T / TEMPERATURE, 1)
    among = F.kl_div(F.log_softmax(given @ given.T / TEMPERATURE, 1), likeness, log_target=True, reduction="batchmean")
    across = F.kl_div(F.log_softmax(given @ wanted.T / TEMPERATURE, 1), likeness, log_target=True, reduction="batchmean")
    loss = 4 * (1 - cosine) + among + 0.5 * across
    if batch.is_same.any():
        is_token = (batch.mask > 0) & batch.is_same[:, None]
        length = min(batch.mask.shape[1], batch.teacher_mask.shape[1])
        for own, layer in zip(ours, theirs, strict=True):
            other = layer[:, :length][is_token[:, :length]].float()
            loss = loss + TOKENS_WEIGHT / LAYERS * F.mse_loss(own[:, :length][is_token[:, :length]].float(), other) / other.var()
    return loss, cosine.item()


class Worker:
    """Takes batches and adds up their gradients; the weights are shared."""

    def __init__(self, model: Encoder, teacher: Encoder, is_half: bool) -> None:
        self.model, self.teacher, self.is_half = Encoder(model.tokens.num_embeddings), teacher, is_half
        share_weights(self.model, model)
        self.sums = np.zeros(3)

    def take(self, batch: Batch | AskedBatch, count: int) -> None:
        if isinstance(batch, AskedBatch):
            loss, _ = asked_losses(self.model, batch, self.is_half)
            (loss / count).backward()
            return
        loss, cosine = losses(self.model, self.teacher, batch, self.is_half)
        (loss / count).backward()
        self.sums += (loss.item() / count, cosine / count, len(batch.ids))


def step_of(model: Encoder, workers: list[Worker], batch: list[Batch | AskedBatch]) -> np.ndarray:
    """Leave the gradients of some batches in the model; return loss and cosine to the teacher, and texts."""
    for worker in workers:
        worker.sums = np.zeros(3)
    share_out(batch, [partial(worker.take, count=len(batch)) for worker in workers])
    gather_gradients(model, [worker.model for worker in workers])
    share = sum(isinstance(one, Batch) for one in batch) / len(batch)
    return sum((worker.sums for worker in workers), start=np.zeros(3)) / (share, share, 1)


@torch.no_grad()
def measure(model: Encoder, teacher: Encoder, kept: dict[str, list[Batch] | list[AskedBatch]]) -> str:
    """Return, for rows that are not trained on, the mean cosine to the teacher by their kind, and how many questions have their window nearest."""

    def figure(batch: Batch | AskedBatch) -> float:
        return asked_losses(model, batch, False)[1] if isinstance(batch, AskedBatch) else losses(model, teacher, batch, False)[1]

    figures = {kind: np.mean([figure(batch) for batch in batches]) for kind, batches in kept.items()}
    return ", ".join(f"{kind} {cosine:.3f}" for kind, cosine in figures.items())


def asked_of(work: Path, reader: Reader) -> tuple[list[AskedBatch], Iterator[AskedBatch]]:
    """Read WORK/asked.json; return batches to measure by, and those to learn from, without end."""
    blocks = blocks_of(json.loads((work / "asked.json").read_text(encoding="utf-8")))
    random.shuffle(blocks)
    measured, others = blocks[:MEASURED_BLOCKS], blocks[MEASURED_BLOCKS:]
    learned = [block for block in others for _ in range(WRITTEN_ROUNDS if any(row["other"] for row in block) else 1)]
    once = asked_batches(reader.pieces, measured)
    return [next(once) for _ in range(MEASURED_ASKED)], asked_batches(reader.pieces, learned)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--lr", type=float, default=1.2e-4)
    parser.add_argument("--round-share", type=float, default=0.4, help="share of the time at the end in which weights are seen as they will be stored")
    parser.add_argument("--start", type=Path, help="a checkpoint to go on from")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--half", action="store_true", help="multiply in bfloat16, for processors with matrix units (AMX)")
    parser.add_argument("--parts", type=int, default=2, help="batches of a step")
    parser.add_argument("--asked", action="store_true", help="half of them, rounded down, of questions and the windows that answer them, from WORK/asked.json")
    parser.add_argument("--seed", type=int, default=0, help="of the order of the texts; another one where training goes on")
    args = parser.parse_args()
    if args.asked and args.parts < 2:
        parser.error("--asked needs --parts 2 or more")
    torch.set_num_threads(1)
    torch.manual_seed(0)
    random.seed(0)
    teacher = Teacher()
    reader = Reader(args.work, teacher)
    english, passages, pairs = (json.loads((args.work / f"{name}.json").read_text(encoding="utf-8")) for name in ("english", "passages", "pairs"))
    kinds = {"sentences": [Row(text, text) for text in english], "passages": [Row(text, text) for text in passages], "translations": [Row(second, first, True) for first, second in pairs]}
    for rows in kinds.values():
        random.shuffle(rows)
    kept = {kind: [reader.batch(rows[at : at + BATCH]) for at in range(0, MEASURED, BATCH)] for kind, rows in kinds.items()}
    most = {"sentences": MOST_SENTENCES, "passages": MOST_PASSAGES, "translations": MOST_PAIRS}
    data = [row for kind, rows in kinds.items() for row in rows[MEASURED : MEASURED + most[kind]]]
    answers: Iterator[AskedBatch] = iter(())
    if args.asked:
        kept["questions"], answers = asked_of(args.work, reader)
    asked_parts = args.parts // 2 if args.asked else 0
    random.seed(args.seed)
    model = Encoder(reader.pieces.get_vocab_size())
    if args.start is None:
        begin(model, reader.pieces, teacher, pairs)
    else:
        model.load_state_dict(torch.load(args.start, weights_only=True))
    workers = [Worker(model, teacher.model, args.half) for _ in range(args.threads)]
    # Characters have all to learn, the layers little: they know English.
    layers = [weights for name, weights in model.named_parameters() if not name.startswith("tokens.")]
    optimizer = torch.optim.AdamW([{"params": model.tokens.parameters(), "rate": TOKENS_RATE}, {"params": layers, "rate": 1}], lr=args.lr, weight_decay=0.01, betas=(0.9, 0.98))
    print(f"{sum(p.numel() for p in model.parameters())} parameters; {len(data)} texts; at the start: {measure(model, teacher.model, kept)}", flush=True)
    began = saved = time.time()
    step = seen = 0
    share, average, is_rounded = 0.0, None, False
    with (args.work / "training-log.csv").open("w", encoding="utf-8") as log:
        log.write("seconds,step,texts,loss,cosine\n")
        while share < 1:
            todo = reader.batches(data)
            while share < 1 and (texts_read := list(itertools.islice(todo, args.parts - asked_parts))):
                batch = [*itertools.islice(answers, asked_parts), *texts_read]
                if not is_rounded and share >= 1 - args.round_share:
                    is_rounded = True
                    for seeing in (model, *(worker.model for worker in workers)):
                        seeing.see_stored()
                    print(f"weights are seen as stored: {measure(model, teacher.model, kept)}", flush=True)
                for group in optimizer.param_groups:
                    group["lr"] = group["rate"] * args.lr * min(1, (step + 1) / WARM_UP_STEPS) * max(0.01, 1 - share)
                loss, cosine, texts = step_of(model, workers, batch)
                torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
                step, seen = step + 1, seen + int(texts)
                now = np.array([loss, cosine])
                average = now if average is None else 0.95 * average + 0.05 * now
                if step % 20 == 0:
                    log.write(f"{time.time() - began:.0f},{step},{seen},{average[0]:.4f},{average[1]:.4f}\n")
                    log.flush()
                share = (time.time() - began) / (60 * args.minutes)
                if time.time() - saved > 300:
                    torch.save(model.state_dict(), args.work / "encoder.pt")
                    saved = time.time()
                    print(f"{share:.2f} of the time, {seen} texts: {measure(model, teacher.model, kept)}", flush=True)
    torch.save(model.state_dict(), args.work / "encoder.pt")
    print(f"{step} steps, {seen} texts; at the end: {measure(model, teacher.model, kept)}", flush=True)


if __name__ == "__main__":
    main()

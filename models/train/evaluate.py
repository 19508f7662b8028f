"""Scores a checkpoint (or an exported GGUF file) on held-back rows by greedy decoding.

    python evaluate.py --work WORK --model answers.pt --split dev [--rows 200]
    python evaluate.py --work WORK --model ../understudy-tiny/understudy-tiny.q8_0.gguf --split test

Prints, per language and per kind of row: token F1 of the answer against the reference, and of the extract (the passage
sentence that shares most words with the question) against the same reference; exact matches; whether the right passage is cited; refusals where
one is due and where none is; length against the extract; share that passes guard.py ("guard": every sentence by the passage it cites; "strict guard": by one
sentence of it) and, of those, share shorter than the extract; "right": token F1 of 0.6 and more with the same numbers as the reference.
All but the refusals is over rows that have an answer and were answered; F1 and exact count a wrong refusal as 0.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import torch

from citing import recite
from guard import CITE, HAN, NUMBER, WORD, from_one_sentence, passes
from grounded import units
from model import Decoder, Shape, greedy
from tokenizer import END, chat_ids, load


def tokens(text: str) -> list[str]:
    """Split into lower-case words, numbers and single Han characters, without citations."""
    out: list[str] = []
    for word in WORD.findall(CITE.sub("", text)):
        out += list(word) if HAN.match(word) else [word.lower()]
    return out


def f1(answer: str, reference: str) -> float:
    """Return the token F1 of two texts; two refusals agree fully."""
    a, b = Counter(tokens(answer)), Counter(tokens(reference))
    same = sum((a & b).values())
    return 2 * same / (sum(a.values()) + sum(b.values())) if same else float(answer == reference)


def passages_of(prompt: str) -> tuple[list[str], str]:
    """Take a prompt apart into its passages and its question."""
    body, question = re.split(r"\n\n(?:Question: |问题：)(?=[^\n]*$)", prompt)
    return [p.strip() for p in re.split(r"(?:^|\n\n)\[\d\] ", body) if p.strip()], question


def extract(passages: list[str], question: str) -> str:
    """Return the sentence, heading lines left out, that shares most tokens with the question."""
    wanted = set(tokens(question))
    found = [u for p in passages for u in units(p.partition("\n")[2])]
    return max(found, key=lambda u: (len(wanted & set(tokens(u))), -len(u)), default="")


def read_model(path: Path) -> Decoder:
    """Load a checkpoint or a GGUF file."""
    if path.suffix == ".gguf":
        from export_gguf import decoder_of

        return decoder_of(path)
    model = Decoder(Shape())
    model.load_state_dict(torch.load(path, map_location="cpu", weights_only=True)["model"])
    return model.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--split", default="dev")
    parser.add_argument("--rows", type=int, default=200)
    parser.add_argument("--recite", action="store_true", help="choose the citations by citing.py instead of taking the model's")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--file", type=Path, help="rows to use instead of WORK/grounded.SPLIT.jsonl")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    given = Path(args.model)
    model = read_model(given if given.exists() else args.work / args.model)
    tokenizer = load(args.work / "tokenizer.json")
    path = args.file or args.work / f"grounded.{args.split}.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][: args.rows]
    scores: dict[str, list[dict[str, float]]] = defaultdict(list)
    for n, row in enumerate(rows):
        ids = chat_ids(tokenizer, [*map(tuple, row.get("earlier", [])), ("user", row["prompt"])])
        passages, question = passages_of(row["prompt"])
        answer = tokenizer.decode(greedy(model, ids, END, 120)).strip()
        if args.recite:
            answer = recite(tokenizer, passages, answer)
        wanted = row["answer"]
        due, refused = wanted == "NONE", answer == "NONE"
        best = extract(passages, question)
        one: dict[str, float] = {"refused when due" if due else "refused when not due": refused}
        if not due:
            one |= {"F1": f1(answer, wanted), "extract F1": f1(best, wanted), "exact": answer == wanted}
            if not refused:
                ok = passes(answer, passages, question)
                one |= {"cites": set(CITE.findall(answer)) == set(CITE.findall(wanted)), "guard": ok, "words": len(tokens(answer)), "extract words": len(tokens(best))}
                right = f1(answer, wanted) >= 0.6 and set(NUMBER.findall(CITE.sub("", answer))) == set(NUMBER.findall(CITE.sub("", wanted)))
                strict = ok and from_one_sentence(answer, passages, question)
                one |= {"strict guard": strict, "right": right}
                if strict:
                    one["right when strict"] = right
                if ok:
                    one |= {"right when passed": right, "passed and shorter than extract": len(tokens(answer)) < len(tokens(best)), "F1 when passed": f1(answer, wanted)}
        for key in ("all", row["lang"], f"{row['lang']}/{row['kind']}", "real sections" if row["kind"] in ("sentence", "faq", "list", "none") else "invented"):
            scores[key].append(one)
        if n < args.show:
            print(f"--- {row['lang']}/{row['kind']}\n{row['prompt']}\nreference: {wanted}\nanswer:    {answer}\n")
    for key in sorted(scores):
        columns = sorted({c for one in scores[key] for c in one})
        means = {c: sum(float(one[c]) for one in scores[key] if c in one) / sum(c in one for one in scores[key]) for c in columns}
        print(f"{key} ({len(scores[key])}):", ", ".join(f"{c} {v:.3f}" if "words" not in c else f"{c} {v:.1f}" for c, v in means.items()))


if __name__ == "__main__":
    main()

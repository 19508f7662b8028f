"""Scores a checkpoint or a GGUF file on held-back rows by what the product needs of it; about a minute.

    python evaluate.py --work WORK --model answers.pt
    python evaluate.py --work WORK --model ../understudy-tiny/understudy-tiny.q8_0.gguf

Over the rows that have an answer, constrained to sentences and clauses (constrained.py), "product" from the sentences of the first passage that share nearly as many words
with the question as the best of them (the product counts rare words for more), "first" from the whole first passage, "any" from all, "likely" by mean log-likelihood:
`sentence` the right sentence is chosen, `clause` exactly the reference is written, `F1` token F1 against it, `cites` the right passage is quoted, `share` length against the first passage.
`extract` is the token F1 of the first passage as it is shown without a model, `overlap` that of the sentence which shares most words with the question.
Free, over the first `--free` rows: exact reference, token F1, right citation; NONE where it is due and where it is not. `NONE area` is the probability that a row without an answer
gives NONE a better start, against the best sentence, than a row with one (0.5 = chance).
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter, defaultdict
from pathlib import Path

import torch

from constrained import Choices, choose
from model import Decoder, Shape, greedy
from spans import prompt, split_sentences
from tokenizer import END, chat_ids, load
from words import CITE, tokens

# Share of the best sentence's words, as ANSWERING of src/retrieval/extract.ts.
ANSWERING = 0.8


def f1(answer: str, reference: str) -> float:
    """Return the token F1 of two texts; two refusals agree fully."""
    a, b = Counter(tokens(answer)), Counter(tokens(reference))
    same = sum((a & b).values())
    return 2 * same / (sum(a.values()) + sum(b.values())) if same else float(answer == reference)


def read_model(path: Path) -> Decoder:
    """Load a checkpoint or a GGUF file."""
    if path.suffix == ".gguf":
        from export_gguf import decoder_of

        return decoder_of(path)
    saved = torch.load(path, map_location="cpu", weights_only=True)
    model = Decoder(Shape(**saved["shape"]))
    model.load_state_dict(saved["model"])
    return model.eval()


def shared(sentence: str, question: str) -> int:
    """Return how many tokens of the question a sentence has."""
    return len(set(tokens(question)) & set(tokens(sentence)))


def overlap(texts: list[str], question: str) -> str:
    """Return the sentence that shares most tokens with the question."""
    return max((s for text in texts for s in split_sentences(text)), key=lambda s: (shared(s, question), -len(s)), default="")


def openings(text: str, question: str) -> set[str]:
    """Return the sentences that share nearly as many tokens with the question as the best one."""
    counted = {s: shared(s, question) for s in split_sentences(text)}
    most = max(counted.values(), default=0)
    return {s for s, n in counted.items() if n >= ANSWERING * most}


def area(due: list[float], not_due: list[float]) -> float:
    """Return the probability that a value of the first list exceeds one of the second."""
    pairs = len(due) * len(not_due)
    return sum((a > b) + 0.5 * (a == b) for a in due for b in not_due) / pairs if pairs else 0.5


def score(choices: Choices | None, reference: str, texts: list[str], question: str) -> dict[str, float]:
    """Compare what would be written with the reference."""
    wanted, number, _ = CITE.split(reference)
    gold = next(s for s in split_sentences(texts[int(number) - 1]) if s.startswith(wanted))
    out = {"extract F1": f1(texts[0], wanted), "overlap F1": f1(overlap(texts, question), wanted), "first holds it": number == "1"}
    if choices is None:
        return out
    named = {"product": choices.product, "first": choices.first_passage, "any": choices.any_passage, "likely": choices.likeliest}
    for name, one in named.items():
        right = one is not None and one.sentence == gold
        out[f"{name} sentence"] = right
        if name != "likely":
            out[f"{name} clause"] = one is not None and one.text == wanted and right
            out[f"{name} F1"] = f1(one.text, wanted) if one else 0.0
        if one and name == "any":
            out["any cites"] = one.passage == int(number)
        if one and name == "product":
            out["product share"] = len(tokens(one.text)) / len(tokens(texts[0]))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--rows", type=int, default=400)
    parser.add_argument("--free", type=int, default=60, help="rows decoded without a constraint as well")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    begun = time.monotonic()
    given = Path(args.model)
    model = read_model(given if given.exists() else args.work / args.model)
    tokenizer = load(args.work / "tokenizer.json")
    rows = [json.loads(line) for line in (args.work / "grounded.dev.jsonl").read_text(encoding="utf-8").splitlines()][: args.rows]
    scores: dict[str, list[dict[str, float]]] = defaultdict(list)
    margins: dict[tuple[str, bool], list[float]] = defaultdict(list)
    for n, row in enumerate(rows):
        question, reference = row["asked"][0]
        texts = [text for _, text in row["passages"]]
        ids = chat_ids(tokenizer, [*map(tuple, row.get("earlier", [])), ("user", prompt(row["passages"], question, row["lang"]))])
        due = reference == "NONE"
        choices = choose(model, tokenizer, ids, texts, openings(texts[0], question))
        one = {} if due else score(choices, reference, texts, question)
        if choices:
            for key in ("all", row["lang"]):
                margins[key, due].append(choices.none_margin)
            one["NONE likelier when due" if due else "NONE likelier when not due"] = choices.none_margin > 0
        if n < args.free:
            answer = tokenizer.decode(greedy(model, ids, END, 120)).strip()
            one["free NONE when due" if due else "free NONE when not due"] = answer == "NONE"
            if not due:
                one |= {"free exact": answer == reference, "free F1": f1(answer, reference), "free cites": set(CITE.findall(answer)) == set(CITE.findall(reference))}
        if n < args.show:
            print(f"--- {row['lang']}/{row['kind']}\n{prompt(row['passages'], question, row['lang'])}\nreference: {reference}\nwritten:   {choices and choices.product}\n")
        for key in ("all", row["lang"], f"{row['lang']}/{row['kind']}"):
            scores[key].append(one)
    for key in sorted(scores):
        columns = dict.fromkeys(c for one in scores[key] for c in one)
        means = {c: sum(float(one[c]) for one in scores[key] if c in one) / sum(c in one for one in scores[key]) for c in columns}
        if "/" in key:
            means = {c: v for c, v in means.items() if re.match(r"product (?:sentence|F1)|NONE", c)}
        elif (key, True) in margins:
            means["NONE area"] = area(margins[key, True], margins[key, False])
        print(f"{key} ({len(scores[key])}):", ", ".join(f"{c} {v:.3f}" for c, v in means.items()))
    print(f"{time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()

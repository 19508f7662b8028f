"""Measures what the encoder adds to features without weights: few-shot intents, and passages.

    python evaluate.py --data DATA --work WORK [--teacher]

Intents: logistic regression on TF-IDF of words and pieces of words (names of the labels are examples too), on the encoder's vectors, and both, their log
probabilities averaged. Trained on train_5 and train_10, measured on dev. Passages: BM25 with Porter's stems by itself and with the cosine to the best
sentence of a passage, each set's weight found on the even questions and measured on the odd ones.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from encoder import Encoder, encode, load_pieces
from teacher import Teacher
from texts import lines, sentences

Encode = Callable[[list[str]], np.ndarray]
ENCODER_SHARE = 0.6


def read(path: Path) -> list[dict]:
    return [json.loads(line) for line in lines(path)]


def lexical(train: list[str], test: list[str]) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Return unit rows of TF-IDF features."""
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"[^\s]+", preprocessor=lambda s: re.sub(r"[^\w\s']", " ", s.lower()))
    pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    parts = [(v.fit_transform(train), v.transform(test)) for v in (words, pieces)]
    return tuple(sparse.hstack(side).tocsr() / math.sqrt(2) for side in zip(*parts))  # type: ignore[return-value]


def intents(folder: Path, shots: str, encoders: dict[str, Encode]) -> dict[str, float]:
    """Return accuracy in percent by what was looked at."""
    inside = [row for row in read(folder / f"{shots}.jsonl") if not row.get("oos")]
    test = [row for row in read(folder / "dev.jsonl") if not row.get("oos")]
    labels = sorted({row["label"] for row in inside})
    texts = [row["text"] for row in inside] + [re.sub(r"[_/-]+", " ", label).lower() for label in labels]
    known = [row["label"] for row in inside] + labels
    asked = [row["text"] for row in test]
    right = np.array([row["label"] for row in test])

    def log_shares(train, seen) -> np.ndarray:
        model = LogisticRegression(C=20, max_iter=200).fit(train, known)
        return np.log(model.predict_proba(seen) + 1e-9)

    def accuracy(scores: np.ndarray) -> float:
        return round(100 * float(np.mean(np.array(labels)[scores.argmax(1)] == right)), 1)

    words = log_shares(*lexical(texts, asked))
    found = {"words": accuracy(words)}
    for name, encoder in encoders.items():
        meant = log_shares(encoder(texts), encoder(asked))
        found[name] = accuracy(meant)
        found[f"words + {name}"] = accuracy((1 - ENCODER_SHARE) * words + ENCODER_SHARE * meant)
    return found


def bm25(passages: list[str], questions: list[str]) -> np.ndarray:
    """Return scores [questions, passages], k1 1.2 and b 0.6; Chinese by characters and pairs."""

    def terms(text: str) -> list[str]:
        words = [re.sub(r"(ing|ed|es|s|e)$", "", w) if len(w) > 4 else w for w in re.findall(r"[a-z0-9äöüßñáéíóú]+", text.lower())]
        han = re.findall(r"[\u4e00-\u9fff]+", text)
        return words + [run[at : at + n] for run in han for n in (1, 2) for at in range(len(run) - n + 1)]

    counts = [Counter(terms(text)) for text in passages]
    lengths = np.array([sum(c.values()) for c in counts])
    postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for at, count in enumerate(counts):
        for term, times in count.items():
            postings[term].append((at, times))
    scores = np.zeros((len(questions), len(passages)), np.float32)
    norm = 1.2 * (0.4 + 0.6 * lengths / lengths.mean())
    for row, question in enumerate(questions):
        for term in set(terms(question)):
            held = postings.get(term, [])
            idf = math.log(1 + (len(passages) - len(held) + 0.5) / (len(held) + 0.5))
            for at, times in held:
                scores[row, at] += idf * times * 2.2 / (times + norm[at])
    return scores


def retrieval(passages: list[str], questions: list[str], gold: list[int], encoders: dict[str, Encode]) -> dict[str, str]:
    """Return R@1 and MRR@10 on the odd questions."""
    words = bm25(passages, questions)
    words /= words.max(1, keepdims=True) + 1e-9
    right = np.array(gold)

    def describe(scores: np.ndarray, half: slice) -> tuple[float, float]:
        place = (scores[half] > scores[half][np.arange(len(right[half])), right[half]][:, None]).sum(1)
        return round(100 * float((place == 0).mean()), 1), round(100 * float(np.where(place < 10, 1 / (place + 1), 0).mean()), 1)

    even, odd = slice(0, None, 2), slice(1, None, 2)
    found = {"words": "%.1f / %.1f" % describe(words, odd)}
    cut = [(at, s) for at, passage in enumerate(passages) for s in (list(sentences(passage)) or [passage])]
    for name, encoder in encoders.items():
        likeness = encoder(questions) @ encoder([s for _, s in cut]).T
        best = np.full((len(questions), len(passages)), -1, np.float32)
        for column, (at, _) in enumerate(cut):
            np.maximum(best[:, at], likeness[:, column], out=best[:, at])
        weight = max((0.1, 0.2, 0.3, 0.5, 0.8, 1.2), key=lambda w: describe(words + w * best, even)[1])
        found[name] = "%.1f / %.1f" % describe(best, odd)
        found[f"words + {name}"] = "%.1f / %.1f (weight %.1f)" % (*describe(words + weight * best, odd), weight)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--teacher", action="store_true", help="the teacher beside it")
    args = parser.parse_args()
    pieces = load_pieces(args.work)
    model = Encoder(pieces.get_vocab_size())
    model.load_state_dict(torch.load(args.work / "encoder.pt", map_location="cpu", weights_only=True))
    model.eval()
    model.see_stored()
    encoders: dict[str, Encode] = {"encoder": lambda texts: encode(model, pieces, texts)}
    if args.teacher:
        encoders["teacher"] = Teacher().encode
    for name in ("banking77", "clinc150", "hwu64"):
        for shots in ("train_5", "train_10"):
            print(name, shots, intents(args.data / name, shots, encoders), flush=True)
    rows = read(args.data / "squad_slice/queries.jsonl")[:1500]
    passages = [row["text"] for row in read(args.data / "squad_slice/passages.jsonl")]
    print("squad_slice", retrieval(passages, [row["query"] for row in rows], [row["gold"][0] for row in rows], encoders), flush=True)
    rows = [row for row in read(args.data / "cmrc2018/test.jsonl.xz")]
    contexts = list(dict.fromkeys(row["context"] for row in rows))
    print("cmrc2018 test", retrieval(contexts, [row["question"] for row in rows], [contexts.index(row["context"]) for row in rows], encoders), flush=True)


if __name__ == "__main__":
    main()

"""Chooses the word pieces of the encoder: of the teacher's those that the texts need, and the Chinese characters one by one.

    python pieces.py --data DATA --work WORK

writes WORK/vocab.txt, one piece a line, in the form of BERT's vocabularies (uncased, Chinese characters are words each).
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from pathlib import Path

from teacher import Teacher
from texts import lines

ENGLISH_PIECES = 20_500
CHARACTERS = 5_600
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
PUNCTUATION = "，。？！：；（）“”、《》…"
HAN = re.compile(r"[\u3400-\u9fff]")
WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
PAIRS_READ = 100_000


def common_words(data: Path) -> list[tuple[str, float]]:
    """Return words of books and manuals with how often they come, the most common first."""
    counts: Counter[str] = Counter()
    for name, weight in (("en", 1.0), ("en_docs", 1.0), ("en_fiction", 1.0), ("en_books2", 1.0), ("en_docs_dev", 0.3)):
        here: Counter[str] = Counter()
        for line in lines(data / f"text/{name}.txt.xz"):
            here.update(WORD.findall(line.lower()))
        for word, count in here.items():
            counts[word] += count * weight
    return counts.most_common(30_000)


def english_pieces(texts: list[str], words: list[tuple[str, float]]) -> list[str]:
    """Return pieces of the teacher in their order: all letters and signs by themselves, and the most used of the others."""
    pieces = Teacher().pieces
    counts: Counter[str] = Counter()
    for start in range(0, len(texts), 10_000):
        for text in pieces.encode_batch(texts[start : start + 10_000]):
            counts.update(text.tokens)
    # Once more by themselves, so that everyday words stay whole.
    for (_, count), text in zip(words, pieces.encode_batch([word for word, _ in words], add_special_tokens=False), strict=True):
        for token in text.tokens:
            counts[token] += min(60, count**0.5)
    names = [name for name, _ in sorted(pieces.get_vocab().items(), key=lambda item: item[1])]
    names = [name for name in names if not HAN.match(name.removeprefix("##")) and not name.startswith("[unused") and name not in SPECIAL]
    alone = [name for name in names if len(name.removeprefix("##")) == 1 and (name.removeprefix("##").isascii() or counts[name] > 2)]
    kept = set(alone)
    for name, _ in counts.most_common():
        if len(kept) >= ENGLISH_PIECES:
            break
        if name in pieces.get_vocab() and not HAN.match(name.removeprefix("##")) and name not in SPECIAL:
            kept.add(name)
    return [name for name in names if name in kept]


def characters(data: Path, chinese: list[str]) -> list[str]:
    """Return the Chinese characters of the texts, the most common first."""
    counts: Counter[str] = Counter()
    for text in chinese:
        counts.update(HAN.findall(text))
    for name in ("zh", "zh_docs", "zh_law", "zh_ms_ht"):
        for line in lines(data / f"text/{name}.txt.xz"):
            counts.update(HAN.findall(line))
    return [character for character, count in counts.most_common(CHARACTERS) if count >= 5]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    args = parser.parse_args()
    english, passages, pairs = (json.loads((args.work / f"{name}.json").read_text(encoding="utf-8")) for name in ("english", "passages", "pairs"))
    texts = [*english, *passages, *(first for first, _ in pairs[:PAIRS_READ])]
    kept = english_pieces(texts, common_words(args.data))
    han = characters(args.data, [chinese for _, chinese in pairs])
    pieces = [*SPECIAL, *kept, *(sign for sign in PUNCTUATION if sign not in kept), *han]
    (args.work / "vocab.txt").write_text("\n".join(pieces), encoding="utf-8")
    print(f"{len(pieces)} pieces, {len(han)} of them characters")


if __name__ == "__main__":
    main()

"""Learns the word pieces of the encoder: English pieces from the texts, and the Chinese characters one by one.

    python pieces.py --data DATA --work WORK

writes WORK/vocab.txt, one piece a line, in the form of BERT's vocabularies (uncased, Chinese characters are words each).
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tokenizers import BertWordPieceTokenizer

from texts import lines

ENGLISH_PIECES = 17_000
CHARACTERS = 5_600
PUNCTUATION = "，。？！：；（）“”、《》…"
HAN = re.compile(r"[\u4e00-\u9fff]")
WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    args = parser.parse_args()
    english = json.loads((args.work / "english.json").read_text(encoding="utf-8"))
    pairs = json.loads((args.work / "pairs.json").read_text(encoding="utf-8"))
    words = common_words(args.data)

    def texts() -> Iterator[str]:
        yield from english
        yield from (first for first, _ in pairs[:100_000])
        # Once more by themselves, so that everyday words become whole pieces.
        for word, count in words:
            yield from [word] * int(min(60, count**0.5))

    tokenizer = BertWordPieceTokenizer(lowercase=True, strip_accents=True, handle_chinese_chars=True)
    tokenizer.train_from_iterator(texts(), vocab_size=ENGLISH_PIECES, limit_alphabet=300, min_frequency=3, show_progress=False)
    pieces = [piece for piece, _ in sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])]
    pieces = [piece for piece in pieces if not HAN.fullmatch(piece.removeprefix("##"))]
    characters: Counter[str] = Counter()
    for _, chinese in pairs:
        characters.update(HAN.findall(chinese))
    for name in ("zh", "zh_docs", "zh_law", "zh_ms_ht"):
        for line in lines(args.data / f"text/{name}.txt.xz"):
            characters.update(HAN.findall(line))
    pieces += [character for character, count in characters.most_common(CHARACTERS) if count >= 5]
    pieces += [sign for sign in PUNCTUATION if sign not in pieces]
    (args.work / "vocab.txt").write_text("\n".join(pieces), encoding="utf-8")
    print(f"{len(pieces)} pieces, {sum(bool(HAN.fullmatch(piece)) for piece in pieces)} of them characters")


if __name__ == "__main__":
    main()

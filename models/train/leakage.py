"""Keeps the evaluation splits out of everything that is trained on.

A sentence is compared by the hash of its normalized form (NFKC, lower case, letters, digits and Han characters only).
Shorter sentences than `MIN_LATIN` / `MIN_HAN` characters ("Select OK.") are no evidence of a shared page and are not compared.

    python leakage.py --data DATA --work WORK

prints how many sentences of the files in WORK stand in a dev or test split; anything but 0 ends with status 1.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

HELD = ("helpcenter_*/*.jsonl*", "dstc9_faq/*.jsonl*", "covidqa/*.jsonl*", "cmrc2018/*.jsonl*", "drcd/*.jsonl*")
MIN_LATIN = 25
MIN_HAN = 10
HAN = re.compile(r"[\u3400-\u9fff]")
SPLIT = re.compile(r"(?<=[.!?])\s+|(?<=[。！？；])|\n+|(?<=[:：])\s+")


def open_text(path: Path) -> Iterator[str]:
    """Yield the lines of a plain or .xz file."""
    if path.suffix == ".xz":
        with lzma.open(path, "rt", encoding="utf-8") as stream:
            yield from stream
    else:
        with path.open(encoding="utf-8") as stream:
            yield from stream


def keys(text: str) -> Iterator[int]:
    """Yield a 64-bit hash for each sentence of `text` that is long enough to be compared."""
    for sentence in SPLIT.split(text):
        plain = "".join(c for c in unicodedata.normalize("NFKC", sentence).lower() if c.isalnum())
        plain = re.sub(r"^\d+", "", plain)
        if len(plain) >= MIN_LATIN or len(HAN.findall(plain)) >= MIN_HAN:
            yield int.from_bytes(hashlib.blake2b(plain.encode(), digest_size=8).digest(), "big")


def row_text(row: dict) -> str:
    """Return every visible text of a help article, a question-answer pair or a training row."""
    parts = [str(row.get(k) or "") for k in ("title", "description", "question", "answer", "article", "heading", "text", "context")]
    for section in row.get("sections") or []:
        parts += [section.get("heading") or "", section.get("text") or ""]
    parts += [f"{head}\n{text}" for head, text in row.get("passages") or []]
    parts += [f"{question}\n{answer}" for question, answer in row.get("asked") or []]
    return "\n".join(parts)


def held_back(data: Path) -> set[int]:
    """Return the sentence hashes of all dev and test splits of the sets in `data` that rows are scored on."""
    found: set[int] = set()
    for pattern in HELD:
        for path in sorted(data.glob(pattern)):
            if re.search(r"(?:^|\.)(?:dev|test)\.", path.name):
                for line in open_text(path):
                    found.update(keys(row_text(json.loads(line))))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    args = parser.parse_args()
    held = held_back(args.data)
    print(f"sentences held back: {len(held)}")
    bad = 0
    for path in sorted(args.work.glob("*.train.jsonl")):
        hits = total = 0
        for line in open_text(path):
            for key in keys(row_text(json.loads(line))):
                total += 1
                hits += key in held
        bad += hits
        print(f"{path.name}: {total} sentences compared, {hits} in a dev or test split")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

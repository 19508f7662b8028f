"""Gathers the texts that the encoder learns from, and keeps out of them every sentence of a set that is evaluated on.

    python texts.py --data DATA --work WORK

writes WORK/english.json and WORK/passages.json (lists of texts) and WORK/pairs.json (a list of [English, Chinese]), and prints the overlap, which
must be 0.
DATA is the folder of the public sets that the card names, one folder a set.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path

# Sets of which no sentence may be trained on, not even without its label.
EVALUATED = [
    "banking77/*", "clinc150/*", "hwu64/*", "hint3/*", "xsid/*", "helpcenter_*/*", "squad_slice/*", "cmrc2018/*", "drcd/*", "covidqa/*",
    "xquad_other/*", "nlupp/*", "mtrag*/*", "bitext*/*", "nlu_eval*/*", "dstc11_track5/*", "nlpjs_corpus50/lang*", "nlpjs_corpus50/test*",
    "nlpjs_corpus50/train*", "snips/dev*", "snips/test*", "dstc11_track2/*test*", "rasa*/test*", "crosswoz/user_acts*",
]
TALK = [
    ("text/qa_en.jsonl.xz", ["question"]), ("dstc9_faq/faq.train.jsonl.xz", ["question", "answer"]), ("dstc9_faq/faq.dev.jsonl.xz", ["question", "answer"]),
    ("taskmaster4/train.jsonl.xz", ["turns"]), ("snips/train.jsonl", ["text"]), ("dstc11_track2/banking.train.jsonl", ["text"]),
    ("dstc11_track2/finance.train.jsonl", ["text"]), ("dstc11_track2/insurance.train.jsonl", ["text"]), ("rasa_financial/train.jsonl", ["text"]),
    ("rasa_helpdesk/train.jsonl", ["text"]), ("nlpjs_corpus50/smalltalk_qna.jsonl.xz", ["question", "answer"]),
    ("chatterbot_corpus/smalltalk.en.jsonl", ["question", "answer"]),
]
SPOKEN = re.compile(r"\?|\b(I|you|my|your|me|we)\b")
# Prose: file, most sentences, which of them.
PROSE: list[tuple[str, int, Callable[[str], bool]]] = [
    ("en_fiction", 60000, lambda s: bool(SPOKEN.search(s))),
    ("en_books2", 40000, lambda s: bool(SPOKEN.search(s))),
    ("en", 70000, lambda s: True),
    ("en_docs", 90000, lambda s: True),
    ("en_docs", 30000, lambda s: "?" in s or " you " in s),
    ("en_docs_dev", 15000, lambda s: True),
]
SPLIT = re.compile(r"(?<=[.!?。！？])[\"”’」）)]*\s*")
# Of prose so many are kept at last; all of the talk is.
PROSE_KEPT = 150_000
# Passages under their title: of questions that are answered, of manuals, of lessons.
ANSWERED, WINDOWS = 9000, (("en_docs", 13_000, 2), ("en", 2_500, 1))
PASSAGE_LENGTH = 620
MOST_HAN = 120


def lines(path: Path) -> Iterator[str]:
    """Yield the lines of a plain or .xz file."""
    with (lzma.open if path.suffix == ".xz" else open)(path, "rt", encoding="utf-8") as stream:
        yield from stream


def key(text: str) -> bytes:
    """Return a hash of the letters and digits of a text."""
    plain = re.sub(r"\W+", "", unicodedata.normalize("NFKC", text).lower())
    return blake2b(plain.encode(), digest_size=8).digest()


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text of any language."""
    for line in text.split("\n"):
        for sentence in SPLIT.split(line):
            if bare := sentence.strip(" \t#*-|>"):
                yield bare


def texts_of(value: object) -> Iterator[str]:
    """Yield every text of a row but its names."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts_of(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in ("id", "label", "lang", "domain", "source"):
                yield from texts_of(item)


def evaluated(data: Path) -> set[bytes]:
    """Return the keys of all texts, and of their sentences, of the sets that are evaluated on."""
    found: set[bytes] = set()
    for pattern in EVALUATED:
        for path in sorted(data.glob(pattern)):
            if path.name.endswith((".jsonl", ".jsonl.xz")):
                for line in lines(path):
                    for text in texts_of(json.loads(line)):
                        found.add(key(text))
                        found.update(key(sentence) for sentence in sentences(text))
    return found


class Collector:
    """Takes texts that are neither held back nor there already."""

    def __init__(self, held: set[bytes]) -> None:
        self.held, self.seen = held, set()

    def takes(self, text: str, least: int, most: int) -> bool:
        """Report whether a text of `least` to `most` words is new, and remember it."""
        if not least <= len(text.split()) <= most or len(text) > 240:
            return False
        if sum(c.isalpha() or c == " " for c in text) < 0.8 * len(text):
            return False
        name = key(text)
        if name in self.seen or name in self.held:
            return False
        self.seen.add(name)
        return True


def talk(data: Path, collector: Collector) -> list[str]:
    """Return questions, requests and small talk."""
    found = []
    for name, fields in TALK:
        for line in lines(data / name):
            row = json.loads(line)
            for field in fields:
                for text in texts_of(row.get(field, "")):
                    parts = sentences(text) if field == "answer" else [text]
                    found += [part for part in parts if collector.takes(part, 2, 40)]
    return found


def prose(data: Path, collector: Collector) -> list[str]:
    """Return sentences of books, lessons and manuals."""
    found = []
    for name, most, wanted in PROSE:
        candidates = [s for line in lines(data / f"text/{name}.txt.xz") for s in sentences(line) if 3 <= len(s.split()) <= 32 and wanted(s)]
        random.shuffle(candidates)
        taken = (s for s in candidates if collector.takes(s, 3, 32))
        found += [s for _, s in zip(range(most), taken)]
    return found


def passages(data: Path, held: set[bytes]) -> list[str]:
    """Return passages with what stands above them, as the encoder will meet them in help pages."""
    found = []
    for line in lines(data / "text/qa_en.jsonl.xz"):
        row = json.loads(line)
        if key(row["question"]) not in held and not any(key(s) in held for s in sentences(row["answer"])):
            found.append(" ".join(f"{row.get('title') or ''} > {row['question']}. {row['answer']}".split())[:PASSAGE_LENGTH])
    random.shuffle(found)
    found = found[:ANSWERED]
    for name, most, windows in WINDOWS:
        documents: list[list[str]] = [[]]
        for line in lines(data / f"text/{name}.txt.xz"):
            if (bare := line.strip()) == "<|doc|>" or (name == "en" and not bare):
                documents.append([])
            elif bare:
                documents[-1].append(bare)
        random.shuffle(documents)
        count = 0
        for document in documents:
            for _ in range(windows if len(document) >= 4 and count < most else 0):
                start = random.randrange(1, len(document) - 1)
                text = f"{document[0][:120]} > "
                for line in document[start:]:
                    if len(text) > 350 + random.randrange(250):
                        break
                    text += f"{line} "
                if len(text) >= 160 and not any(key(s) in held for line in document[start : start + 12] for s in sentences(line)):
                    found.append(text[:PASSAGE_LENGTH])
                    count += 1
    random.shuffle(found)
    return found


def translated(data: Path, collector: Collector) -> list[tuple[str, str]]:
    """Return English sentences with their Chinese translation."""
    found = []
    for line in lines(data / "text/parallel_enzh.jsonl.xz"):
        row = json.loads(line)
        chinese = row["zh"]
        if len(chinese) > MOST_HAN or key(chinese) in collector.held or any(key(s) in collector.held for s in sentences(chinese)):
            continue
        if collector.takes(row["en"], 2, 40):
            found.append((row["en"], chinese))
    random.shuffle(found)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    args = parser.parse_args()
    random.seed(1)
    held = evaluated(args.data)
    collector = Collector(held)
    spoken = talk(args.data, collector)
    written = prose(args.data, collector)
    pairs = translated(args.data, collector)
    random.shuffle(written)
    english = spoken + written[:PROSE_KEPT]
    random.shuffle(english)
    args.work.mkdir(parents=True, exist_ok=True)
    (args.work / "english.json").write_text(json.dumps(english), encoding="utf-8")
    under_titles = passages(args.data, held)
    (args.work / "passages.json").write_text(json.dumps(under_titles), encoding="utf-8")
    (args.work / "pairs.json").write_text(json.dumps(pairs, ensure_ascii=False), encoding="utf-8")
    overlap = sum(key(text) in held for text in english) + sum(key(text) in held for pair in pairs for text in pair)
    print(f"held back: {len(held)}; English: {len(english)}, of them talk: {len(spoken)}; pairs: {len(pairs)}; passages: {len(under_titles)}; overlap: {overlap}")
    return 1 if overlap else 0


if __name__ == "__main__":
    sys.exit(main())

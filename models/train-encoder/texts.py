"""Gathers the texts that the encoder learns from, and keeps out of them every sentence of a set that is evaluated on.

    python texts.py --data DATA --work WORK [--check]

writes WORK/english.json and WORK/passages.json (lists of texts) and WORK/pairs.json (a list of [English, Chinese]). Then the files are read again, and
what is printed of each are the sentences in its texts that stand in such a set, which must be 0; with `--check` files that are there are read, and nothing is written.
A text is held back when it is, as a whole, a text or a sentence of such a set, or when it holds a sentence of one that is long enough to tell
(`LEAST_LETTERS`, `LEAST_HAN`: "Select OK." is no evidence of a shared page).
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
from collections import Counter
from collections.abc import Callable, Container, Iterator
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
HAN = re.compile(r"[\u3400-\u9fff]")
LEAST_LETTERS, LEAST_HAN = 25, 10


def lines(path: Path) -> Iterator[str]:
    """Yield the lines of a plain or .xz file."""
    with (lzma.open if path.suffix == ".xz" else open)(path, "rt", encoding="utf-8") as stream:
        yield from stream


def plain(text: str) -> str:
    """Return the letters and digits of a text."""
    return re.sub(r"\W+", "", unicodedata.normalize("NFKC", text).lower())


def key(text: str) -> bytes:
    """Return a hash of the letters and digits of a text."""
    return blake2b(plain(text).encode(), digest_size=8).digest()


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text of any language."""
    for line in text.split("\n"):
        for sentence in SPLIT.split(line):
            if bare := sentence.strip(" \t#*-|>"):
                yield bare


def telling(text: str) -> Iterator[bytes]:
    """Yield the keys of the sentences of a text that are long enough to tell where they come from."""
    for sentence in sentences(text):
        letters = plain(sentence)
        if len(letters) >= LEAST_LETTERS or len(HAN.findall(letters)) >= LEAST_HAN:
            yield key(sentence)


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


def evaluated(data: Path) -> dict[bytes, str]:
    """Return the keys of all texts, and of their sentences, of the sets that are evaluated on, each with the first file that has it."""
    found: dict[bytes, str] = {}
    for pattern in EVALUATED:
        for path in sorted(data.glob(pattern)):
            if path.name.endswith((".jsonl", ".jsonl.xz")):
                for line in lines(path):
                    for text in texts_of(json.loads(line)):
                        for part in (text, *sentences(text)):
                            found.setdefault(key(part), str(path.relative_to(data)))
    return found


class Collector:
    """Takes texts that are neither held back nor there already."""

    def __init__(self, held: Container[bytes]) -> None:
        self.held, self.seen = held, set()

    def takes(self, text: str, least: int, most: int) -> bool:
        """Report whether a text of `least` to `most` words is new, and remember it."""
        if not least <= len(text.split()) <= most or len(text) > 240:
            return False
        if sum(c.isalpha() or c == " " for c in text) < 0.8 * len(text):
            return False
        name = key(text)
        if name in self.seen or name in self.held or any(sentence in self.held for sentence in telling(text)):
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


def passages(data: Path, held: Container[bytes]) -> list[str]:
    """Return passages with what stands above them, as the encoder will meet them in help pages."""
    found = []
    for line in lines(data / "text/qa_en.jsonl.xz"):
        row = json.loads(line)
        if key(row["question"]) not in held and not any(key(s) in held for s in sentences(row["answer"])):
            text = " ".join(f"{row.get('title') or ''} > {row['question']}. {row['answer']}".split())[:PASSAGE_LENGTH]
            if not any(sentence in held for sentence in telling(text)):
                found.append(text)
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
                text = text[:PASSAGE_LENGTH]
                lines_held = any(key(s) in held for line in document[start : start + 12] for s in sentences(line))
                if len(text) >= 160 and not lines_held and not any(sentence in held for sentence in telling(text)):
                    found.append(text)
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


def gather(data: Path, work: Path, held: Container[bytes]) -> None:
    """Write the three files."""
    random.seed(1)
    collector = Collector(held)
    spoken = talk(data, collector)
    written = prose(data, collector)
    pairs = translated(data, collector)
    random.shuffle(written)
    english = spoken + written[:PROSE_KEPT]
    random.shuffle(english)
    work.mkdir(parents=True, exist_ok=True)
    (work / "english.json").write_text(json.dumps(english), encoding="utf-8")
    (work / "passages.json").write_text(json.dumps(passages(data, held)), encoding="utf-8")
    (work / "pairs.json").write_text(json.dumps(pairs, ensure_ascii=False), encoding="utf-8")
    print(f"of the English texts {len(spoken)} are talk")


def overlap(path: Path, held: dict[bytes, str]) -> int:
    """Print and return how many sentences in the texts of a file are held back, and where they stand."""
    texts = json.loads(path.read_text(encoding="utf-8"))
    found = [[held.get(sentence) for text in texts_of(one) for sentence in telling(text)] for one in texts]
    where = Counter(place for one in found for place in one if place)
    print(f"{path.name}: {len(texts)} texts, {sum(map(len, found))} sentences compared, {where.total()} in an evaluated set, in {sum(map(any, found))} texts", *where.most_common())
    return where.total()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--check", action="store_true", help="read the files that are there and write nothing")
    args = parser.parse_args()
    held = evaluated(args.data)
    print(f"held back: {len(held)}")
    if not args.check:
        gather(args.data, args.work, held)
    return 1 if sum(overlap(args.work / f"{name}.json", held) for name in ("english", "passages", "pairs")) else 0


if __name__ == "__main__":
    sys.exit(main())

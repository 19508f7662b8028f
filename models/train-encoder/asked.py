"""Gathers questions, each with the window of a page that answers it, and keeps out of them what is evaluated on.

    python asked.py --data DATA --work WORK

writes WORK/asked.json: rows of {question, window, other}, those of one page beside each other; `other` is a question about the window that it does not answer, or empty.
They come from headings of documentation that are questions, with the text under them, unless a machine translated it, and from the pages in `written`, which were written
for this: a page begins with `=== TITLE > HEADING`, then its text, then `+ QUESTION | HOW THE ANSWERING SENTENCE BEGINS` and `- QUESTION NOT ANSWERED`.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Container, Iterator
from pathlib import Path
from typing import TypedDict

sys.path.append(str(Path(__file__).resolve().parent.parent / "train"))
from spans import split_sentences  # noqa: E402
from words import units  # noqa: E402

from texts import evaluated, key, lines, overlap, sentences, telling  # noqa: E402

WRITTEN = Path(__file__).resolve().parent / "written"
# As src/retrieval/passage-windows.ts cuts them.
WINDOW_UNITS, MAX_HEAD_LENGTH = 45, 200
# Of a section that answers its heading: the first windows.
SECTION_WINDOWS = 2
LEAST_UNITS = 8
SOURCES = ("text/qa_en.jsonl.xz", "text/qa_zh.jsonl.xz")


class Asked(TypedDict):
    """A question, the window that answers it, and a question that it does not answer or an empty text."""

    question: str
    window: str
    other: str


def windows(head: str, text: str) -> list[str]:
    """Cut a text into some sentences each, under the head they stand under."""
    found, here, size = [], "", 0.0
    for line in text.split("\n"):
        for sentence in split_sentences(line.strip()):
            more = units(sentence)
            if size and size + more > WINDOW_UNITS:
                found.append(here)
                here, size = "", 0.0
            here, size = f"{here} {sentence}".strip(), size + more
    return [f"{head[:MAX_HEAD_LENGTH]} > {body}" for body in (*found, here) if body]


def sections(data: Path, held: Container[bytes]) -> Iterator[Asked]:
    """Yield questions that are headings, under the title of their page."""
    for name in SOURCES:
        rows = sorted((json.loads(line) for line in lines(data / name)), key=lambda row: row["source"])
        for row in rows:
            question, answer = row["question"].strip(), row["answer"]
            whole = f"{question}\n{answer}"
            if row.get("mt") or key(question) in held or any(key(s) in held for s in sentences(answer)) or any(s in held for s in telling(whole)):
                continue
            head = row.get("title") or ""
            for window in windows(head if head != question else "", answer)[:SECTION_WINDOWS]:
                if units(window) >= LEAST_UNITS and not any(s in held for s in telling(window)):
                    yield {"question": question, "window": window.removeprefix(" > "), "other": ""}


def pages(text: str) -> Iterator[tuple[str, str, list[tuple[str, str]], list[str]]]:
    """Yield (head, text, [(question, how the answering sentence begins)], [question not answered]) of a file in `written`."""
    for part in re.split(r"^=== ", text, flags=re.M)[1:]:
        head, *rest = part.rstrip().split("\n")
        first = next((at for at, line in enumerate(rest) if re.match(r"\+ .+\|", line)), len(rest))
        questions = [line[2:].rsplit(" | ", 1) for line in rest[first:] if line.startswith("+ ") and " | " in line]
        yield head.strip(), "\n".join(rest[:first]), [(question, start) for question, start in questions], [line[2:] for line in rest[first:] if line.startswith("- ")]


def written() -> Iterator[Asked]:
    """Yield the questions of the pages that were written for this."""
    for path in sorted(WRITTEN.glob("*.txt")):
        for head, text, questions, others in pages(path.read_text(encoding="utf-8")):
            parts = windows(head, text)
            for at, (question, start) in enumerate(questions):
                found = [part for part in parts if re.sub(r"\s+", " ", start.strip()).lower() in re.sub(r"\s+", " ", part).lower()]
                if found:
                    yield {"question": question.strip(), "window": found[0], "other": others[at] if at < len(others) else ""}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    args = parser.parse_args()
    held = evaluated(args.data)
    from_headings, from_pages = list(sections(args.data, held)), list(written())
    print(f"{len(from_headings)} of headings, {len(from_pages)} of written pages")
    path = args.work / "asked.json"
    path.write_text(json.dumps(from_headings + from_pages, ensure_ascii=False), encoding="utf-8")
    return 1 if overlap(path, held) else 0


if __name__ == "__main__":
    sys.exit(main())

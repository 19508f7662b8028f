"""What the product does between a page and the generator, written again in Python: sentences, extract, prompt, clauses.

It follows src/text/split-sentences.ts, src/retrieval/extract.ts, src/plan/prompt.ts and src/engines/writing/quote-constraint.ts.
The extract is simplified: terms instead of analyzed words, and paragraphs only, since lists, steps and tables are shown as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from words import HAN, terms, units

CLOSERS = "\"'”’»)\\]*_』」）】》"
END = re.compile(rf"([.!?…]{{1,9}}[{CLOSERS}]{{0,9}})(?=\s)|([。！？]{{1,9}}[{CLOSERS}]{{0,9}})|(\n[ \t]*\n)")
ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof sr jr st nos vol fig eq vs e.g i.e eg ie cf approx dept est co corp tel ext jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
LOWER = re.compile(r"^\s+[\"'“‘«(\[*_]*[a-z]")
LEANS_BACK = re.compile(
    r"(?i)^(?:that(?:'s| is| means)|this|these|those|it|they|then|so|therefore|otherwise|in (?:that|this) case|in those cases|for (?:these|those|that|this)|such|also|and|but|after that|both|neither)\b"
    r"|^(?:这样|因此|所以|那|否则|这种|这些|此外|另外|不过)"
)
CLAUSE_END = re.compile(r"\s*(?:[,;:，；：—–(（]|$)")
LEANING = re.compile(
    r"(?i)(?:^|[,;:，；：—–(（]\s*)(?:if|when|while|unless|until|because|although|though|as|since|before|after|whether|once|where|so that|如果|当|因为|虽然|只要|若|要是|除非|假如|由于|尽管|等到)[^,;:，；：—–(（]*$"
)
LEAST_LETTERS = 18
MAX_PASSAGE_CHARACTERS = 900


def split_sentences(text: str) -> list[str]:
    """Split running text into sentences, verbatim but trimmed."""
    out: list[str] = []
    start = 0
    for match in END.finditer(text):
        end = match.end()
        if match.group(1):
            after = text[end : end + 12]
            word = re.search(r"\S{0,20}$", text[max(start, match.start() - 24) : match.start()]).group(0).lower().lstrip("\"'“‘«([*_")  # type: ignore[union-attr]
            single = len(word) == 1 and word.isalpha() and word != "i"
            if LOWER.match(after) or match.group(1) == "." and (word in ABBREVIATIONS or single):
                continue
        if piece := text[start:end].strip():
            out.append(piece)
        start = end
    if piece := text[start:].strip():
        out.append(piece)
    return out


def letters(text: str) -> int:
    """Count letters; a Han character counts three."""
    return sum(3 if HAN.match(c) else 1 for c in text if c.isalpha())


def bare(sentence: str) -> str:
    """Return a sentence without its end mark."""
    return re.sub(r"[.。!！…]+$", "", sentence.strip())


def clauses(sentence: str) -> list[str]:
    """Return what may be written of a sentence: the beginnings that end with a clause, and the whole, shortest first."""
    text = bare(sentence)
    if letters(text) < LEAST_LETTERS:
        return []
    found = [text[:i] for i in range(1, len(text)) if CLAUSE_END.match(text, i) and not text[i - 1].isspace()]
    return [c for c in found if letters(c) >= LEAST_LETTERS and not LEANING.search(c)] + [text]


def mark(text: str, number: int) -> str:
    """Return the citation that follows a statement."""
    return f" [{number}]。" if HAN.search(text) else f" [{number}]."


def joined(sentences: list[str]) -> str:
    return ("" if HAN.search(sentences[0]) else " ").join(sentences)


def quote(sentences: list[str], score: Callable[[str], float], must: int | None = None) -> tuple[list[int], float]:
    """Choose one to three sentences of a paragraph as the extract does; `must` takes the place of the best. Returns (indices, best score)."""
    scores = [score(s) * (0.7 if LEANS_BACK.match(s) or s[-1:] in "?？" else 1) for s in sentences]
    best = must if must is not None else max(range(len(scores)), key=lambda i: (scores[i], -i))
    top = max(scores)
    chosen, size = {best}, units(sentences[best])

    def add(at: int) -> None:
        nonlocal size
        if 0 <= at < len(sentences) and at not in chosen and len(chosen) < 3 and size + units(sentences[at]) <= 60:
            chosen.add(at)
            size += units(sentences[at])

    for at in sorted(range(len(scores)), key=lambda i: (-scores[i], i)):
        if scores[at] >= top * 0.45 and scores[at] > 0:
            add(at)
    if size < 35:
        add(best + 1)
    if size < 20 or LEANS_BACK.match(sentences[best]):
        add(best - 1)
    return sorted(chosen), top


def scorer(question: str, head: str, rarity: Callable[[str], float]) -> Callable[[str], float]:
    """Return the share of a question's weight that a sentence covers; words that the heading already says count less."""
    given = terms(head)
    mass = {t: rarity(t) * (0.4 if t in given else 1) for t in terms(question)}
    total = sum(rarity(t) for t in mass) or 1.0

    def cover(sentence: str) -> float:
        there = terms(sentence)
        return sum(m for t, m in mass.items() if t in there) / total / (1 + 0.006 * max(0, units(sentence) - 12))

    return cover


def prompt(passages: list[tuple[str, str]], question: str, lang: str) -> str:
    """Write the prompt of a grounded answer: numbered passages, then the question."""
    parts = [f"[{i}] {head}\n{text[:MAX_PASSAGE_CHARACTERS]}" for i, (head, text) in enumerate(passages, start=1)]
    return "\n\n".join(parts) + "\n\n" + ("问题：" if lang == "zh" else "Question: ") + question

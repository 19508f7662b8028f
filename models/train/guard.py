"""A simple guard: does each cited sentence stand in the passages that it cites?

It filters the training rows and scores the answers; the product has its own, stricter one.
"""

from __future__ import annotations

import re

HAN = re.compile(r"[\u3400-\u9fff]")
CITE = re.compile(r"\s?\[(\d)\]")
WORD = re.compile(r"[A-Za-z][A-Za-z'&-]*|\d+(?:[.,:]\d+)*|[\u3400-\u9fff]+")
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
COMMON = set(
    "a an the and or but of to in on at by for from with as is are was were be been it its this that these those you your i my we our us they their he she "
    "can could will would may might do does did not no yes if so when then also have has had there here which who what how where use used using get "
    "need needs must should costs cost takes take comes come lasts last within up out about into only please want each per all any more than".split()
)
COMMON_HAN = set("的了是在和与及或可以您你我们请会能要将把被为有不也就都到从对于用后前时个这该其它他吗呢是否需需要可不能以并且则")


def sentences(answer: str) -> list[str]:
    """Split an answer into sentences that keep their citations."""
    parts = re.split(r"(?<=\][.。!?！？])\s*|\n+", answer)
    return [p.strip() for p in parts if p.strip()]


def stem(word: str) -> str:
    """Return a crude stem: six letters of the lower-cased word without a possessive."""
    word = word.lower().removesuffix("'s")
    return word if word[0].isdigit() else word[:6].rstrip("s") if len(word) > 3 else word


def support(sentence: str, passage: str, question: str = "") -> tuple[bool, float]:
    """Return (numbers all stand in the passage, share of content words that stand in it or in the question)."""
    plain = re.sub(r"^\d\.\s", "", CITE.sub("", sentence))
    numbers = all(n in set(NUMBER.findall(passage)) for n in NUMBER.findall(plain))
    known = {stem(w) for w in WORD.findall(passage + " " + question) if not HAN.match(w)}
    han = passage + question
    hits = total = 0
    for word in WORD.findall(plain):
        if HAN.match(word):
            grams = [word[i : i + 2] for i in range(len(word) - 1)] or [word]
            for gram in grams:
                if not (set(gram) & COMMON_HAN):
                    total += 1
                    hits += gram in han
        elif word.lower() not in COMMON:
            total += 1
            hits += stem(word) in known
    return numbers, hits / total if total else 1.0


def from_one_sentence(answer: str, passages: list[str], question: str, share: float = 0.85) -> bool:
    """Tell whether every sentence is supported by one single sentence, list item or row of a passage that it cites."""
    if answer.strip() == "NONE":
        return True
    for sentence in sentences(answer):
        found = False
        for n in CITE.findall(sentence):
            if 1 <= int(n) <= len(passages):
                head, _, body = passages[int(n) - 1].partition("\n")
                for unit in re.split(r"(?<=[^\d\s][.!?])\s+|(?<=[。！？])|\n+", body):
                    numbers, words = support(sentence, f"{head}\n{unit}", question)
                    found |= numbers and words >= share
        if not found:
            return False
    return bool(sentences(answer))


def passes(answer: str, passages: list[str], question: str, share: float = 0.85) -> bool:
    """Tell whether every sentence cites an existing passage and is supported by what it cites."""
    if answer.strip() == "NONE":
        return True
    for sentence in sentences(answer):
        cited = [int(n) for n in CITE.findall(sentence)]
        if not cited or any(n < 1 or n > len(passages) for n in cited):
            return False
        numbers, words = support(sentence, "\n".join(passages[n - 1] for n in cited), question)
        if not numbers or words < share:
            return False
    return bool(sentences(answer))

"""What counts as a word: tokens of an answer, and the terms by which texts are compared."""

from __future__ import annotations

import re

HAN = re.compile(r"[\u3400-\u9fff]")
CITE = re.compile(r"\s?\[(\d)\]")
WORD = re.compile(r"[A-Za-z][A-Za-z'&-]*|\d+(?:[.,:]\d+)*|[\u3400-\u9fff]+")
COMMON = frozenset(
    "a an the and or but of to in on at by for from with as is are was were be been it its this that these those you your i my we our us they their he she "
    "can could will would may might do does did not no yes if so when then also have has had there here which who what how where use used using get "
    "need needs must should costs cost takes take comes come lasts last within up out about into only please want each per all any more than me tell know "
    "long much many why whether am im i'm it's don't i'd".split()
)
COMMON_HAN = frozenset("的了是在和与及或可以您你我们请会能要将把被为有不也就都到从对于用后前时个这该其它他吗呢是否需需要可不能以并且则什么怎么如何多少")


def stem(word: str) -> str:
    """Return a crude stem: six letters of the lower-cased word without a possessive."""
    word = word.lower().removesuffix("'s")
    return word if word[0].isdigit() else word[:6].rstrip("s") if len(word) > 3 else word


def terms(text: str) -> set[str]:
    """Return the stems of the content words and the pairs of Han characters that carry meaning."""
    found: set[str] = set()
    for word in WORD.findall(text):
        if HAN.match(word):
            found.update(word[i : i + 2] for i in range(len(word) - 1) if not set(word[i : i + 2]) & COMMON_HAN)
        elif word.lower() not in COMMON:
            found.add(stem(word))
    return found


def tokens(text: str) -> list[str]:
    """Split into lower-case words, numbers and single Han characters, without citations."""
    out: list[str] = []
    for word in WORD.findall(CITE.sub("", text)):
        out += list(word) if HAN.match(word) else [word.lower()]
    return out


def units(text: str) -> float:
    """Count words; a Han character counts half, as src/retrieval/extract.ts counts."""
    return len(re.findall(r"[A-Za-zÀ-ɏ0-9]+", text)) + len(HAN.findall(text)) / 2

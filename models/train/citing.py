"""Chooses the citation of each sentence from its words, whatever number the model wrote.

The model is right about the words more often than about the number: a sentence is cited to the passage that shares most pairs of
neighboring tokens with it. The host can do the same with its own tokens before it checks the answer.
"""

from __future__ import annotations

import re

from tokenizers import Tokenizer


def pairs(ids: list[int]) -> set[tuple[int, int]]:
    """Return the pairs of neighboring tokens."""
    return set(zip(ids, ids[1:], strict=False))


def recite(tokenizer: Tokenizer, passages: list[str], answer: str) -> str:
    """Replace each [n] of an answer by the number of the passage nearest to the sentence before it; the first of equals."""
    known = [pairs(tokenizer.encode(p).ids) for p in passages]
    parts = re.split(r"(\[\d\])", answer)
    for i in range(1, len(parts), 2):
        mine = pairs(tokenizer.encode(" " + parts[i - 1].strip(" .。\n")).ids)
        scores = [len(mine & k) for k in known]
        parts[i] = f"[{1 + scores.index(max(scores))}]"
    return "".join(parts)

"""Writes as the product does: nothing but the sentences of the passages, whole or up to the end of a clause, each with its `[n]`.

The same choice as src/engines/writing/quote-constraint.ts makes greedily, taken from one pass over all sentences instead of token by token.
Also scores every clause by the mean log-likelihood of its tokens, which is what a host could choose by.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from tokenizers import Tokenizer

from model import Decoder
from spans import bare, clauses, mark, split_sentences


@dataclass(frozen=True)
class Written:
    """A clause of a sentence: where it stands, what it says, how likely it is."""

    passage: int
    sentence: str
    text: str
    mean: float


@dataclass(frozen=True)
class Choices:
    """What a model would write: from the first passage; from those of its sentences that answer best, as the product; from any passage; by likelihood; and how much likelier NONE begins than the best sentence."""

    first_passage: Written | None
    product: Written | None
    any_passage: Written | None
    likeliest: Written | None
    none_margin: float


@dataclass(frozen=True)
class Candidate:
    passage: int
    sentence: str
    tokens: list[int]
    stops: dict[int, str]
    mark: int


def candidates(tokenizer: Tokenizer, texts: list[str]) -> list[Candidate]:
    """Return the sentences of the passages with the numbers of tokens after which they may be left."""
    found = []
    for n, text in enumerate(texts, start=1):
        for sentence in split_sentences(text):
            allowed = {len(clause): clause for clause in clauses(sentence)}
            if not allowed:
                continue
            encoded = tokenizer.encode(bare(sentence))
            stops = {k: allowed[end] for k, (_, end) in enumerate(encoded.offsets, start=1) if end in allowed}
            stops[len(encoded.ids)] = bare(sentence)
            found.append(Candidate(n, sentence, encoded.ids, stops, tokenizer.encode(mark(sentence, n)).ids[0]))
    return found


@torch.no_grad()
def choose(model: Decoder, tokenizer: Tokenizer, prompt_ids: list[int], texts: list[str], openings: set[str]) -> Choices | None:
    """Read the prompt once and all sentences side by side; None when there is nothing to quote. `openings` are the sentences that answer best."""
    options = candidates(tokenizer, texts)
    if not options:
        return None
    past: list[list[torch.Tensor]] = [[] for _ in model.blk]
    first_token = torch.log_softmax(model.logits(model(torch.tensor([prompt_ids]), past)[0, -1]).float(), -1)
    width = max(len(o.tokens) for o in options)
    ids = torch.tensor([o.tokens + [0] * (width - len(o.tokens)) for o in options])
    wide = [[part.expand(len(options), -1, -1, -1) for part in layer] for layer in past]
    later = torch.log_softmax(model.logits(model(ids, wide)).float(), -1)
    # said[k][p] = log-likelihood of token p of sentence k; left[k][p] = that of its mark after p tokens.
    said = [[float(first_token[o.tokens[0]]), *(float(later[k, p - 1, t]) for p, t in enumerate(o.tokens) if p)] for k, o in enumerate(options)]
    left = [{p: float(later[k, p - 1, o.mark]) for p in o.stops} for k, o in enumerate(options)]

    def written(k: int, p: int) -> Written:
        o = options[k]
        return Written(o.passage, o.sentence, o.stops[p], (sum(said[k][:p]) + left[k][p]) / (p + 1))

    def greedy(alive: list[int]) -> Written | None:
        at = 0
        while alive:
            goes = max(((said[k][at], 0, k) for k in alive if at < len(said[k])), default=None)
            stops = max(((left[k][at], 1, k) for k in alive if at in left[k]), default=None)
            best = max(x for x in (goes, stops) if x)
            if best[1]:
                return written(best[2], at)
            token = options[best[2]].tokens[at]
            alive = [k for k in alive if at < len(said[k]) and options[k].tokens[at] == token]
            at += 1
        return None

    every = list(range(len(options)))
    first = [k for k in every if options[k].passage == 1]
    none = float(first_token[tokenizer.encode("NONE").ids[0]])
    return Choices(
        greedy(first), greedy([k for k in first if options[k].sentence in openings] or first), greedy(every), max((written(k, p) for k in every for p in left[k]), key=lambda w: w.mean),
        none - max(said[k][0] for k in every),
    )

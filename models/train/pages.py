"""The pages that training rows are made of: prose in sentences, and questions with the sentence that answers each.

`Pool` holds the pages of one split and finds, for a question, the pages that the product's search might show instead.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from words import terms


@dataclass(frozen=True)
class Ask:
    """A question and the place of the sentence that answers it; `needed` are words the answer has to keep, None = found by rule."""

    question: str
    paragraph: int
    sentence: int
    kind: str
    needed: frozenset[str] | None = None


@dataclass
class Page:
    """One section of a site, as paragraphs of sentences."""

    site: str
    lang: str
    title: str
    heading: str
    paragraphs: list[list[str]]
    source: str
    asks: list[Ask] = field(default_factory=list)

    @property
    def head(self) -> str:
        return f"{self.title} > {self.heading}" if self.title and self.heading and self.title != self.heading else self.heading or self.title

    @property
    def text(self) -> str:
        return "\n".join(s for p in self.paragraphs for s in p)

    def sentence(self, ask: Ask) -> str:
        return self.paragraphs[ask.paragraph][ask.sentence]


class Pool:
    """Pages with an index over their terms."""

    def __init__(self, pages: list[Page]) -> None:
        self.pages = pages
        self.by_source: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.by_site: dict[str, list[int]] = defaultdict(list)
        self.postings: dict[str, list[int]] = defaultdict(list)
        for i, page in enumerate(pages):
            self.by_source[page.lang, page.source].append(i)
            self.by_site[page.site].append(i)
            for term in terms(f"{page.head}\n{page.text}"):
                self.postings[term].append(i)
        self.rarest = math.log(1 + len(pages))

    def rarity(self, term: str) -> float:
        """Return the weight of a term: the rarer the heavier; at least 0.3."""
        return max(0.3, math.log((1 + len(self.pages)) / (1 + len(self.postings.get(term, ())))))

    def rank(self, question: str, lang: str, rng: random.Random, near: str = "") -> list[int]:
        """Return pages that share the question's rarest terms, best first; pages of the site `near` come before others as good."""
        score: Counter[int] = Counter()
        found = sorted((len(self.postings[t]), t) for t in terms(question) if t in self.postings)
        for count, term in found[:6]:
            some = self.postings[term] if count <= 300 else rng.sample(self.postings[term], 300)
            for i in some:
                score[i] += self.rarity(term)
        for i in self.by_site.get(near, ()):
            score[i] += self.rarest * 0.5
        return [i for i, _ in score.most_common(12) if self.pages[i].lang == lang]

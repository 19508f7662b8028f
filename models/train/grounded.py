"""Builds the grounded-answering set: what the product's prompt shows, a visitor's questions, and for each the sentence or clause that answers, or NONE.

    python grounded.py --data DATA --work WORK [--rows 60000] [--seed 1]

A row holds the spans of an extract as the product retrieves them (spans.py) for its first question; the further questions are about
the same spans, so that one reading of them pays for several answers: training lets each see the spans and not one another. Every answer
is a sentence of a span, whole or up to the end of a clause that may be left (what the product's quote constraint allows), with its `[n]`.
An answer is NONE where the page that answers, or the sentence, was taken out and the extract shows what else the same site says.
Writes grounded.train.jsonl and grounded.dev.jsonl.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

import shop
import shop_zh
from leakage import held_back, keys, row_text
from pages import Ask, Page, Pool
from questions import colloquial, lower_first
from shop_sites import site
from sources import load
from spans import MAX_PASSAGE_CHARACTERS, bare, clauses, joined, mark, prompt, quote, scorer, split_sentences
from words import CITE, terms, tokens

# Share of the rows of a language by where the page comes from.
MIX = {"en": {"shop": 0.34, "hotel": 0.24, "section": 0.37, "biomedical": 0.05}, "zh": {"shop": 0.5, "section": 0.36, "travel": 0.14}}
CHINESE = 0.42
TAIL = re.compile(r"^[,，(（]\s*(?:such as|including|for example|which|like|especially|e\.g\.|so that|whereas|as well as|as described|as shown|making|allowing|so you|例如|比如|包括|尤其|从而|以便|其中|这样|以及|特别是|如图|使得)")
LIMITS = re.compile(r"(?i)\b(?:not|no|never|only|unless|except|must|without|but|if|until|before|after)\b|n't|\d|不|未|无|仅|只|除|须|必须|但|如果|若")
MORE_QUESTIONS = 5
MOST_COVERED = 0.6


@dataclass
class Row:
    """One row: spans as passages (heading, text) and questions with answers, the first one the row was made for."""

    lang: str
    kind: str
    passages: list[tuple[str, str]]
    asked: list[tuple[str, str]]
    earlier: list[tuple[str, str]]

    def as_json(self) -> str:
        out = {"lang": self.lang, "kind": self.kind, "passages": self.passages, "asked": self.asked}
        return json.dumps(out | ({"earlier": self.earlier} if self.earlier else {}), ensure_ascii=False)


def shortest(sentence: str, question: str, needed: frozenset[str] | None) -> str:
    """Return the shortest beginning of a sentence that may be written and still answers.

    With `needed` it has to hold those words; without, only a trailing remark without numbers, limits and words of the question is left out.
    """
    found = clauses(sentence)
    for clause in found[:-1]:
        rest = bare(sentence)[len(clause) :].strip()
        if needed is not None:
            if needed <= set(tokens(clause)):
                return clause
        elif TAIL.match(rest) and not LIMITS.search(rest) and not terms(rest) & terms(question) and len(tokens(clause)) >= 6:
            return clause
    return found[-1] if found else bare(sentence)


class Builder:
    """Makes rows out of a pool of pages and of invented shops."""

    def __init__(self, pool: Pool, rng: random.Random, none_share: float = 0.25) -> None:
        self.pool, self.rng, self.none_share = pool, rng, none_share

    def row(self, lang: str, source: str) -> Row | None:
        """Make one row, or None when the draw does not suit."""
        rng = self.rng
        if source == "shop":
            pages = site(lang, rng)
            pool = Pool(pages)
            page = rng.choice(pages)
        else:
            pool = self.pool
            page = pool.pages[rng.choice(pool.by_source[lang, source])]
        asks = [a for a in page.asks if a.kind != "sentence"] if rng.random() < 0.6 else page.asks
        if not asks:
            return None
        ask = rng.choice(asks)
        gold = page.sentence(ask)
        if not clauses(gold) or CITE.search(gold):
            return None
        question = self.said(ask.question, ask.kind, lang)
        # What the site says without the answer: the page is gone, or the sentence is.
        missing = rng.choice(("page", "sentence")) if rng.random() < self.none_share else ""
        shown = self.extract(pool, page, ask, question, missing)
        if not shown or missing and self.answered_anyway(shown, gold, question, pool):
            return None
        if rng.random() < 0.05:
            self.poison(shown, lang)
        passages = [(head, text) for head, text, _ in shown]
        answer = "NONE"
        if not missing:
            number = self.place(gold, shown)
            if number == 0:
                return None
            answer = self.worded(gold, question, ask, number)
        asked = [(question, answer)]
        if len(question) < 40 and rng.random() < 0.12 and (earlier := self.before(page, ask)):
            return Row(lang, "none" if missing else ask.kind, passages, [(self.leaning(question, page, lang), answer)], earlier)
        self.further(shown, asked, lang, missing != "")
        return Row(lang, "none" if missing else ask.kind, passages, asked, [])

    def said(self, question: str, kind: str, lang: str) -> str:
        """Write a question as visitors do; those of people stand as they are, most of the time."""
        return question if kind in ("travel", "biomedical", "encyclopedia") and self.rng.random() < 0.8 else colloquial(question, lang, self.rng)

    def worded(self, gold: str, question: str, ask: Ask, number: int) -> str:
        clause = shortest(gold, question, ask.needed)
        return clause + mark(clause, number)

    @staticmethod
    def place(gold: str, shown: list[tuple[str, str, Page]]) -> int:
        """Return the number of the one passage that has a sentence, 0 when none has it, or two: then it could not be written, or not cited."""
        found = [n for n, (_, text, _) in enumerate(shown, start=1) if gold in text]
        return found[0] if len(found) == 1 and gold in split_sentences(shown[found[0] - 1][1]) else 0

    def extract(self, pool: Pool, page: Page, ask: Ask, question: str, missing: str) -> list[tuple[str, str, Page]]:
        """Return up to three passages cut to their spans, best first, as the product shows them for the question."""
        rng = self.rng
        gold = page.sentence(ask)
        ranked = [i for i in pool.rank(question, page.lang, rng, page.site) if pool.pages[i] is not page]
        others = [pool.pages[i] for i in ranked if not any(gold in p for p in pool.pages[i].paragraphs)]
        if page.source == "hotel" and not terms(page.title) & terms(question):
            # "Do you have a pool?" names no hotel: only the one that is asked can answer.
            others = [other for other in others if other.site == page.site]
        wanted = rng.choices((1, 2, 3), (0.4, 0.45, 0.15))[0]
        found: list[tuple[float, tuple[str, str, Page]]] = []
        if missing != "page":
            found.append(self.spans(pool, page, ask, question, missing))
        for other in others[: wanted - len(found)]:
            found.append(self.spans(pool, other, None, question, ""))
        # The best passage comes first; retrieval is right more often than these scores are.
        order = sorted(found, key=lambda one: -one[0] - (0.45 if not missing and one[1][2] is page else 0))
        return [one for _, one in order if one[1]]

    def spans(self, pool: Pool, page: Page, ask: Ask | None, question: str, missing: str) -> tuple[float, tuple[str, str, Page]]:
        """Cut a page to its best piece, and now and then a second; the sentence that answers is among them, or taken out."""
        head = page.head if page.source == "shop" or self.rng.random() < 0.7 else page.title or page.heading
        cover = scorer(question, head, pool.rarity)
        pieces: list[tuple[float, str]] = []
        for p, paragraph in enumerate(page.paragraphs):
            must = ask.sentence if ask and not missing and ask.paragraph == p else None
            told = [s for k, s in enumerate(paragraph) if not (missing and ask and (ask.paragraph, ask.sentence) == (p, k))]
            if told:
                chosen, top = quote(told, cover, must)
                pieces.append((top + (1 if must is not None else 0), joined([told[k] for k in chosen])))
        pieces.sort(key=lambda piece: -piece[0])
        if not pieces:
            return 0, (head, "", page)
        best = pieces[0][0] - (1 if ask and not missing else 0)
        text = pieces[0][1]
        if len(pieces) > 1 and pieces[1][0] >= best * 0.6 and len(text) + len(pieces[1][1]) < MAX_PASSAGE_CHARACTERS * 0.7 and self.rng.random() < 0.6:
            text += "\n\n" + pieces[1][1]
        return best, (head, text[:MAX_PASSAGE_CHARACTERS], page)

    def answered_anyway(self, shown: list[tuple[str, str, Page]], gold: str, question: str, pool: Pool) -> bool:
        """Tell whether another sentence says so much of the question or of the answer that NONE could be wrong."""
        asks, says = scorer(question, "", pool.rarity), terms(gold)
        for _, text, _ in shown:
            for sentence in split_sentences(text):
                there = terms(sentence)
                if asks(sentence) > MOST_COVERED or says and len(says & there) / len(says) > MOST_COVERED:
                    return True
        return False

    def poison(self, shown: list[tuple[str, str, Page]], lang: str) -> None:
        """Put an instruction into a passage; the answer stays what it was."""
        values = shop_zh.draw(self.rng) if lang == "zh" else shop.values(self.rng)
        attack = shop.fill(self.rng.choice(shop_zh.ATTACKS if lang == "zh" else shop.ATTACKS), values)
        k = self.rng.randrange(len(shown))
        head, text, page = shown[k]
        gap = "" if lang == "zh" else " "
        shown[k] = (head, self.rng.choice((attack + gap + text, text + gap + attack)), page)

    def further(self, shown: list[tuple[str, str, Page]], asked: list[tuple[str, str]], lang: str, missing: bool) -> None:
        """Add questions about other sentences that are shown, and one that nothing shown answers."""
        rng = self.rng
        said = {answer.partition(" [")[0] for _, answer in asked}
        options: list[tuple[str, str]] = []
        absent: list[str] = []
        there = {t for _, text, _ in shown for t in terms(text)}
        for number, (_, text, page) in enumerate(shown, start=1):
            for ask in page.asks:
                gold = page.sentence(ask)
                if self.place(gold, shown) == number:
                    clause = shortest(gold, ask.question, ask.needed)
                    if clause not in said and clauses(gold) and not CITE.search(gold):
                        options.append((self.said(ask.question, ask.kind, lang), clause + mark(clause, number)))
                elif ask.kind != "sentence" and gold not in text and len(terms(ask.question) & there) <= len(terms(ask.question)) * 0.34:
                    absent.append(ask.question)
        rng.shuffle(options)
        once: set[str] = set()
        for question, answer in options:
            if answer not in once and len(once) < MORE_QUESTIONS:
                once.add(answer)
                asked.append((question, answer))
        if len(once) > 1 and rng.random() < 0.12:
            # Two things in one message: two statements.
            (one, first), (other, second) = asked[-2:]
            both = one.rstrip("?？") + ("，还有" if lang == "zh" else " and ") + lower_first(other)
            asked[-1] = (both, first + ("" if lang == "zh" else " ") + second)
        if absent and rng.random() < (0.5 if len(asked) > 2 else 0.2):
            asked.append((colloquial(rng.choice(absent), lang, rng), "NONE"))

    def before(self, page: Page, ask: Ask) -> list[tuple[str, str]]:
        """Return the exchange before a short question, as the product tells it."""
        others = [a for a in page.asks if a.sentence != ask.sentence or a.paragraph != ask.paragraph]
        if not others:
            return []
        first = self.rng.choice(others)
        return [("user", self.said(first.question, first.kind, page.lang)[:200]), ("assistant", (page.sentence(first) + " [1]")[:300])]

    def leaning(self, question: str, page: Page, lang: str) -> str:
        """Say a question as one that goes on from the last; the product of a shop is not named again."""
        if page.source == "shop" and page.title in question and page.title != page.site:
            question = question.replace("the " + page.title, "it").replace(page.title, "它" if lang == "zh" else "it")
        lead = self.rng.choice(("", "那", "还有，", "好的，") if lang == "zh" else ("", "and ", "ok, ", "what about this: "))
        return lead + question


def build(builder: Builder, rows: int, out: Path, mix: dict[str, dict[str, float]], held: set[int]) -> Counter[str]:
    """Write `rows` distinct rows; a row that came to share a sentence with what is `held` back is not written."""
    rng = builder.rng
    count: Counter[str] = Counter()
    seen: set[str] = set()
    with out.open("w", encoding="utf-8") as stream:
        while len(seen) < rows:
            lang = "zh" if rng.random() < CHINESE else "en"
            source = rng.choices(list(mix[lang]), list(mix[lang].values()))[0]
            row = None
            for _ in range(60):
                if row := builder.row(lang, source):
                    break
            if row is None:
                continue
            told = prompt(row.passages, row.asked[0][0], row.lang)
            if told not in seen and not any(key in held for key in keys(row_text(asdict(row)))):
                seen.add(told)
                count[f"{row.lang}/{row.kind}"] += 1
                count["questions"] += len(row.asked)
                count["questions without an answer"] += sum(answer == "NONE" for _, answer in row.asked)
                stream.write(row.as_json() + "\n")
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=60_000, help="rows to train on; 0 writes the dev rows only")
    parser.add_argument("--dev-rows", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    for split, rows in (("dev", args.dev_rows), ("train", args.rows)):
        if rows == 0:
            continue
        rng = random.Random(f"{split}-{args.seed if split == 'train' else 1}")
        pool = Pool(load(args.data, args.work, split, rng))
        mix = MIX if split == "train" else {"en": {"shop": 0.25, "hotel": 0.3, "section": 0.25, "biomedical": 0.2}, "zh": {"shop": 0.25, "section": 0.2, "travel": 0.2, "encyclopedia": 0.35}}
        counts = build(Builder(pool, rng), rows, args.work / f"grounded.{split}.jsonl", mix, held_back(args.data) if split == "train" else set())
        print(split, len(pool.pages), "pages", dict(sorted(counts.items())))


if __name__ == "__main__":
    main()

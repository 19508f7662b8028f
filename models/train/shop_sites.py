"""Invents the help site of a shop: a few pages of facts, and questions about each."""

from __future__ import annotations

import random
import re

import shop
import shop_zh
from pages import Ask, Page
from shop import AMOUNTS, KEYS, Fact, fill
from shop_questions import MORE_EN, MORE_ZH
from words import tokens

# A question of the first kind is answered only by a statement of the second.
SUITS = (
    (re.compile(r"(?i)how much|cost|price|expensive|fee\b|charge|postage|多少钱|运费|收费|价格|贵|花多少|邮费|加钱"), re.compile(r"(?i)[£€$¥元]|free|cannot|do not|not\b|免|包邮|不")),
    (re.compile(r"(?i)how (?:long|many|fast|soon|often|heavy|big)|when\b|until|多久|几天|几点|什么时候|多长|期限|多重"), re.compile(r"\d|(?i:one|two|three|five|ten|not|free)|[一二三五十不没]")),
)


def suits(question: str, statement: str) -> bool:
    """Tell whether a statement has what the question asks for."""
    return all(what.search(statement) for form, what in SUITS if form.search(question))


def site(lang: str, rng: random.Random) -> list[Page]:
    """Return the pages of one invented shop, with questions; every question is answered by one sentence of the site only."""
    facts, draw, fillers, titles, attacks, more = (
        (shop.FACTS, shop.values, shop.FILLERS, shop.TITLES, shop.ATTACKS, MORE_EN) if lang == "en" else (shop_zh.FACTS, shop_zh.draw, shop_zh.FILLERS, shop_zh.TITLES, shop_zh.ATTACKS, MORE_ZH)
    )
    base = draw(rng)
    pages: list[Page] = []
    used: set[int] = set()
    for heading in rng.sample(titles, rng.randint(2, 4)):
        here = {**draw(rng), "B": base["B"]}
        kinds = rng.sample([k for k in range(len(facts)) if k not in used], rng.randint(2, 6))
        used.update(kinds)
        told: list[tuple[str, list[str], frozenset[str]]] = []
        for kind in kinds:
            told += statements(facts[kind], here, draw, more, rng)
        told += [(fill(f, here), [], frozenset()) for f in rng.sample(fillers, rng.choice((0, 1, 1, 2)))]
        if rng.random() < 0.06:
            told.append((fill(rng.choice(attacks), here), [], frozenset()))
        rng.shuffle(told)
        at = rng.randint(2, 6)
        parts = [told[i : i + at] for i in range(0, len(told), at)]
        page = Page(base["B"], lang, rng.choice((base["B"], base["B"], here["P"])), fill(heading, here), [[s for s, _, _ in part] for part in parts], "shop")
        for p, part in enumerate(parts):
            for s, (_, questions, needed) in enumerate(part):
                page.asks += [Ask(q, p, s, "shop", needed) for q in questions]
        pages.append(page)
    return pages


def statements(fact: Fact, here: dict[str, str], draw, more: dict[str, list[str]], rng: random.Random) -> list[tuple[str, list[str], frozenset[str]]]:
    """Return the statement of a fact with its questions; sometimes also the same of another product, plan or place, which only the name tells apart."""
    questions, told = fact
    forms = questions + more.get(questions[0], [])
    keys = [k for k in KEYS if "{" + k + "}" in questions[0]]
    forms = [q for q in forms if all("{" + k + "}" in q for k in keys)]
    out = []
    drawn = [{**draw(rng), "P": here["P"], "B": here["B"]}]
    if keys and forms and rng.random() < 0.5:
        other = draw(rng)
        if all(other[k] != drawn[0][k] for k in keys):
            drawn.append({**drawn[0], **{k: other[k] for k in (*keys, *AMOUNTS) if k in other}})
    for values in drawn:
        template, answer = rng.choice(told)
        statement = fill(template, values)
        asked = [q for q in (fill(q, values) for q in rng.sample(forms, min(2, len(forms)))) if suits(q, statement)]
        out.append((statement, asked, frozenset(tokens(fill(answer, values))) & frozenset(tokens(statement))))
    return out

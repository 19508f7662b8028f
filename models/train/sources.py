"""Reads the cleaned sections and the question sets into pages: who asks there, and which sentence answers.

A split is `train` or `dev`. The dialogues have no dev split of their own: one subject in ten is kept for it.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from corpus import tidy
from leakage import held_back, keys, open_text
from pages import Ask, Page
from questions import from_heading, from_sentence, lower_first
from spans import split_sentences
from words import HAN, terms

LISTED = re.compile(r"^\s*(?:[-*+•]|\d+[.)、])\s|\s\|\s|^\s*```")
REFERENCE = re.compile(
    r"(?i)^(?:for more|to learn more|see |learn more|for (?:details|information|instructions)|the following|this (?:article|topic|section|page|document|guide)|in this (?:article|topic|section)|here(?:'s| is| are)|below|click here)"
    r"|请参阅|有关.{0,20}信息|详细信息|本文|本节|下面|以下|如下"
)
LEAST_KNOWN = 0.45


def good(sentence: str, lang: str) -> bool:
    """Tell whether a sentence can be an answer by itself."""
    if REFERENCE.search(sentence) or sentence.rstrip()[-1:] in ":：?？" or re.search(r"https?:|[{}<>\\|]", sentence):
        return False
    if lang == "zh":
        return 10 <= len(sentence) <= 120 and len(HAN.findall(sentence)) >= 7 and sentence[-1] in "。！"
    words = sentence.split()
    return 5 <= len(words) <= 40 and sentence[-1] in ".!" and words[0] not in ("It", "This", "These", "They", "That", "Those", "He", "She")


def prose(text: str) -> list[list[str]]:
    """Return the paragraphs of a section as sentences; lists, steps, tables and what introduces them are left out."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    kept = [line for line in lines if not LISTED.search(line) and len(line) < 1200]
    paragraphs = [[s for s in split_sentences(line) if len(s) < 400] for line in kept if line[-1] in ".!?。！？" or len(line) > 60]
    return [p for p in paragraphs if p][:8]


def in_dev(subject: str) -> bool:
    return hashlib.blake2b(subject.encode(), digest_size=2).digest()[0] < 26


def sections(work: Path, split: str, rng: random.Random) -> Iterator[Page]:
    """Yield the sections that corpus.py wrote, with a question from the heading, the owner's question, and questions from sentences."""
    for line in open_text(work / f"sections.{split}.jsonl"):
        row = json.loads(line)
        if re.search(r"[<>{}$=\\]|\(\)|--", row["heading"]):
            continue
        paragraphs = prose(row["text"])
        if not paragraphs:
            continue
        page = Page(row["doc"] if not row["source"].startswith("qa_") else row["title"], row["lang"], row["title"], row["heading"], paragraphs, "section")
        if asked := ask_heading(row, page, rng):
            page.asks.append(asked)
        for p, paragraph in enumerate(paragraphs):
            for s, sentence in enumerate(paragraph):
                if good(sentence, page.lang) and (question := from_sentence(sentence, page.lang, rng)):
                    page.asks.append(Ask(question, p, s, "sentence"))
        if page.asks:
            yield page


def ask_heading(row: dict, page: Page, rng: random.Random) -> Ask | None:
    """Ask what the heading says. An owner's answer begins with the answer; elsewhere the sentence with most of the heading's words is taken, if it has enough of them."""
    lang, first = page.lang, page.paragraphs[0]
    if row["faq"] and len(first) > 1 and re.match(r"^(?:Yes|No)[.!,]?$", first[0]) and good(first[1], lang):
        first[:2] = [f"{first[0].rstrip('.!,')}, {lower_first(first[1]) if not first[1].startswith('I ') else first[1]}"]
    spots = [(p, s) for p, para in enumerate(page.paragraphs) for s, one in enumerate(para) if good(one, lang)]
    wanted = terms(row["heading"] or row["title"])
    if not spots or not wanted:
        return None
    question = from_heading(row["heading"] or row["title"], lang, rng)
    known = lambda spot: len(wanted & terms(page.paragraphs[spot[0]][spot[1]]))  # noqa: E731
    if row["faq"]:
        return Ask(question, *spots[0], "faq") if spots[0] == (0, 0) else None
    best = max(spots[:5], key=lambda spot: (known(spot), -spots.index(spot)))
    return Ask(question, *best, "heading") if known(best) >= max(1, len(wanted) * LEAST_KNOWN) else None


def hotel_faqs(data: Path, split: str, held: set[int], rng: random.Random) -> Iterator[Page]:
    """Yield the owners' questions of hotels, restaurants and stations: answers of one entity stand in paragraphs of two to five."""
    by_entity: dict[str, list[dict]] = defaultdict(list)
    for line in open_text(data / "dstc9_faq" / f"faq.{split}.jsonl.xz"):
        row = json.loads(line)
        if not any(key in held for key in keys(row["question"] + "\n" + row["answer"])):
            by_entity[row["id"].rsplit("-", 1)[0]].append(row)
    for rows in by_entity.values():
        rng.shuffle(rows)
        title = (rows[0]["entity"] or rows[0]["domain"]).title()
        while rows:
            part, rows = rows[: rng.randint(2, 5)], rows[5:]
            sentences, asks = [], []
            for row in part:
                answer = split_sentences(tidy(row["answer"]))
                if len(answer) == 2 and len(answer[0]) < 14:
                    answer = [f"{answer[0].rstrip('.!')}, {lower_first(answer[1]) if not answer[1].startswith('I ') else answer[1]}"]
                if answer and len(answer[0]) > 14:
                    asks.append(Ask(tidy(row["question"]), 0, len(sentences), "hotel"))
                sentences += answer
            if asks:
                yield Page(title, "en", title, "", [sentences], "hotel", asks)


def span_questions(path: Path, lang: str, source: str) -> Iterator[Page]:
    """Yield contexts with questions whose answer is a span; the sentence that holds the span answers."""
    for line in open_text(path):
        row = json.loads(line)
        text = row["context"]
        paragraphs = [split_sentences(line) for line in tidy(text).split("\n") if len(line) > 80]
        paragraphs = [[s for s in p if len(s) < 400] for p in paragraphs]
        answer = tidy(row["answers"][0]["text"])
        spots = [(p, s) for p, para in enumerate(paragraphs) for s, one in enumerate(para) if answer and answer in one]
        if len(spots) == 1 and len(row["question"]) < 160:
            title = row.get("title") or tidy(text).split("\n")[0][:90]
            yield Page(title, lang, title, "", [p or [""] for p in paragraphs], source, [Ask(row["question"], *spots[0], source)])


ASKS_ZH = re.compile(r"什么|多少|哪|谁|几|多长|多大|多高|怎么样")
VAGUE_ZH = re.compile(r"(?:知道|听说|听过|了解|认识|看过|喜欢).{0,24}[吗么嘛]|什么(?:了解|印象|看法)|你好")
SAID_ZH = ("{name}的{slot}是{value}。", "{name}{slot}：{value}。", "{slot}为{value}。", "{name}的{slot}为{value}。")


def travel(data: Path, split: str, rng: random.Random) -> Iterator[Page]:
    """Yield Chinese places, films and songs as pages of facts, with what people asked of them in dialogues (CrossWOZ, KdConv)."""
    facts: dict[str, dict[str, str]] = defaultdict(dict)
    asked: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for line in open_text(data / "crosswoz" / "train.jsonl.xz"):
        name = ""
        turns = json.loads(line)["turns"]
        for before, turn in zip(turns, turns[1:], strict=False):
            told = {act[2]: act[3] for act in turn.get("acts", []) if act[0] == "Inform" and len(act[3]) > 1}
            name = told.get("名称", name) if turn["speaker"] == "agent" else name
            wanted = [act[2] for act in before.get("acts", []) if act[0] == "Request"]
            if turn["speaker"] != "agent" or not name:
                continue
            facts[name].update({k: v for k, v in told.items() if k != "名称"})
            if len(wanted) == 1 and wanted[0] in told and "名称" not in wanted and not any(a[0] == "Inform" and a[2] != "名称" for a in before["acts"]):
                asked[name].append((wanted[0], before["text"]))
    for path in sorted((data / "kdconv").glob("*.train.jsonl.xz")):
        for line in open_text(path):
            turns = json.loads(line)["turns"]
            for before, turn in zip([{"text": ""}, *turns], turns, strict=False):
                known = [k for k in turn.get("knowledge", []) if 1 < len(k["value"]) < 60 and k["attr"] != "Information"]
                for k in known:
                    facts[k["name"]][k["attr"]] = k["value"]
                if len(known) == 1 and ASKS_ZH.search(before["text"]) and not VAGUE_ZH.search(before["text"]) and len(before["text"]) < 60:
                    asked[known[0]["name"]].append((known[0]["attr"], before["text"]))
    for name, known in facts.items():
        if len(known) < 2 or in_dev(name) != (split == "dev"):
            continue
        slots = list(known)
        rng.shuffle(slots)
        sentences = [rng.choice(SAID_ZH).format(name=name, slot=slot, value=known[slot].rstrip("。")) for slot in slots]
        asks = [Ask(text, k // 4, k % 4, "travel") for slot, text in asked[name] for k in [slots.index(slot)] if slot in known]
        yield Page(name, "zh", name, rng.choice(("", "", "简介")), [sentences[i : i + 4] for i in range(0, len(sentences), 4)], "travel", asks)


def load(data: Path, work: Path, split: str, rng: random.Random) -> list[Page]:
    """Return the pages of one split. For dev also two share-alike Chinese sets, which nothing is trained on."""
    held = held_back(data) if split == "train" else set()
    pages = [*sections(work, split, rng), *hotel_faqs(data, split, held, rng), *travel(data, split, rng)]
    spans = [*span_questions(data / "covidqa" / f"{split}.jsonl.xz", "en", "biomedical")]
    if split == "dev":
        for name in ("cmrc2018", "drcd"):
            spans += span_questions(data / name / "dev.jsonl", "zh", "encyclopedia")
    return pages + [page for page in spans if not any(key in held for key in keys(page.text))]

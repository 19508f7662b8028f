"""Reads the source sets, drops every document that shares a sentence with an evaluation split, and writes three files.

    python corpus.py --data DATA --work WORK [--prose-mb 14]

`prose.train.jsonl` {text, lang, source}: whole documents for the language-model warm-up.
`sections.train.jsonl` {lang, title, heading, text, source, doc, faq}: sections for the grounded-answering set.
`sections.dev.jsonl`: the same from the dev split of the help centers, never trained on.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from leakage import held_back, keys, open_text, row_text

HELP = ("helpcenter_ms_support_en", "helpcenter_ms_bc_en", "helpcenter_ms_insights_zh", "helpcenter_dify", "helpcenter_chatwoot")
PROSE = {"en_docs": ("en", 1.0), "zh_docs": ("zh", 0.65), "zh_ms_ht": ("zh", 0.35)}
SKIP_HEADING = re.compile(r"(?i)see also|related|more information|next steps|references|additional|status|applies to|另请参阅|参考|更多信息|相关|后续步骤|推荐文档")
URL = re.compile(r"https?://\S+|www\.\S+")
HAN = re.compile(r"[\u3400-\u9fff]")


def tidy(text: str) -> str:
    """Return text with plain quotes and dashes, one space between words, no doubled blank lines."""
    text = text.replace("\u00a0", " ").replace("\u200b", "").replace("’", "'").replace("‘", "'")
    text = re.sub(r"[ \t]+", " ", text)
    text = re.sub(r" *\n *", "\n", text)
    return re.sub(r"\n{2,}", "\n", text).strip()


def documents(path: Path) -> Iterator[str]:
    """Yield the documents of a prose file (separated by a blank line or by a `<|doc|>` line)."""
    lines: list[str] = []
    marked = None
    for line in open_text(path):
        line = line.rstrip("\n")
        if line == "<|doc|>":
            marked = True
        if line == "<|doc|>" or (line == "" and not marked):
            if lines:
                yield "\n".join(lines)
            lines = []
        elif line:
            lines.append(line)
    if lines:
        yield "\n".join(lines)


def heading_like(line: str, following: str) -> bool:
    """Guess whether a plain line is a heading: short, unpunctuated, followed by prose."""
    limit = 30 if HAN.search(line) else 80
    return (
        4 <= len(line) <= limit
        and line[-1] not in ".,;:!?。，；：！？、)）”\""
        and not line.startswith(("-", "|", "#", "*"))
        and not re.match(r"\d+[.、)]", line)
        and len(following) > len(line)
        and following[-1:] in ".。:："
    )


def split_sections(text: str) -> tuple[str, list[dict]]:
    """Split a plain document into its title and its sections by heading-like lines."""
    lines = text.split("\n")
    title = lines[0] if heading_like(lines[0], lines[1] if len(lines) > 1 else "") else ""
    sections: list[dict] = []
    heading, body = "", []
    for i, line in enumerate(lines[1 if title else 0 :], start=1 if title else 0):
        following = lines[i + 1] if i + 1 < len(lines) else ""
        if heading_like(line, following):
            if body:
                sections.append({"heading": heading, "text": "\n".join(body)})
            heading, body = line, []
        else:
            body.append(line)
    if body:
        sections.append({"heading": heading, "text": "\n".join(body)})
    return title, sections


def usable(section: dict) -> bool:
    """Tell whether a section has enough plain prose to answer from."""
    text = section["text"]
    han = len(HAN.findall(text))
    if SKIP_HEADING.search(section["heading"]) and len(section["heading"]) < 30:
        return False
    return (han >= 25 or (han == 0 and len(text) >= 80)) and not re.search(r"[{}<>\\]{2}|\$\(|powershell\n|console\n|json\n", text)


def help_rows(data: Path, split: str) -> Iterator[tuple[str, dict]]:
    """Yield (set name, row) of the help-center articles of one split; other languages than en and zh are left out."""
    for name in HELP:
        path = data / name / f"articles.{split}.jsonl.xz"
        if path.exists():
            for line in open_text(path):
                row = json.loads(line)
                if row["lang"] in ("en", "zh") and row.get("translation") != "MT":
                    yield name, row


def sections_of(name: str, row: dict) -> Iterator[dict]:
    """Yield the usable sections of a help article."""
    for section in row["sections"]:
        one = {"heading": tidy(section.get("heading") or ""), "text": tidy(section.get("text") or "")}
        if usable(one):
            yield {"lang": row["lang"], "title": tidy(row["title"]), **one, "source": name, "doc": row["id"], "faq": False}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--prose-mb", type=float, default=14, help="megabytes of prose a language")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    rng = random.Random(args.seed)
    held = held_back(args.data)
    count: Counter[str] = Counter()
    dropped: Counter[str] = Counter()

    def clean(text: str, source: str) -> bool:
        if any(key in held for key in keys(text)):
            dropped[source] += 1
            return False
        return True

    prose, sections = [], []
    for name, row in help_rows(args.data, "train"):
        if clean(row_text(row), name):
            sections += sections_of(name, row)
            prose.append({"text": tidy(row["title"] + "\n" + "\n".join(s["heading"] + "\n" + s["text"] for s in row["sections"])), "lang": row["lang"], "source": name})
    for lang in ("en", "zh"):
        for line in open_text(args.data / "text" / f"qa_{lang}.jsonl.xz"):
            row = json.loads(line)
            source = row["source"].split(":")[0]
            one = {"heading": tidy(row["question"]), "text": tidy(row["answer"])}
            if row.get("mt") or row.get("kind") == "symptom-resolution" or source.startswith("python/"):
                continue
            if usable(one) and clean(row_text(row), f"qa_{lang}"):
                sections.append({"lang": lang, "title": tidy(row["title"]), **one, "source": f"qa_{lang}", "doc": row["source"], "faq": row.get("kind") != "article"})
    for name, (lang, share) in PROSE.items():
        docs = list(documents(args.data / "text" / f"{name}.txt.xz"))
        rng.shuffle(docs)
        budget = args.prose_mb * 1e6 * share
        for i, text in enumerate(docs):
            if budget <= 0:
                break
            text = tidy(URL.sub("", text))
            if not clean(text, name):
                continue
            budget -= len(text.encode())
            prose.append({"text": text, "lang": lang, "source": name})
            title, found = split_sections(text)
            for one in found:
                if title and one["heading"] and usable(one):
                    sections.append({"lang": lang, "title": title, **one, "source": name, "doc": f"{name}-{i}", "faq": False})
    rng.shuffle(prose)
    for name, rows in (("prose.train", prose), ("sections.train", sections)):
        with (args.work / f"{name}.jsonl").open("w", encoding="utf-8") as out:
            for row in rows:
                count[f"{name}/{row['source']}"] += 1
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
    with (args.work / "sections.dev.jsonl").open("w", encoding="utf-8") as out:
        for name, row in help_rows(args.data, "dev"):
            for one in sections_of(name, row):
                out.write(json.dumps(one, ensure_ascii=False) + "\n")
    for key in sorted(count):
        print(f"{key}: {count[key]}")
    print("documents dropped for shared sentences:", dict(dropped))


if __name__ == "__main__":
    main()

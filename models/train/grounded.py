"""Builds the grounded-answering set: prompt (numbered passages and a question) and a short answer with citations, or NONE.

    python grounded.py --work WORK [--rows 60000] [--seed 1]

Rows come from real help sections (sections.train.jsonl; the answer is a compressed sentence or the first steps) and from
invented shop pages (shop.py, shop_zh.py). `more` holds further questions about the same passages and their answers; training
appends them as further turns, so that one reading of the passages pays for several answers. Questions are made from headings, from FAQ questions, and from the wording of the
sentence that answers. A row whose reference answer does not pass guard.py is dropped.
Writes grounded.train.jsonl, and grounded.dev.jsonl / grounded.test.jsonl from the held-back help centers.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter, defaultdict
from pathlib import Path

from guard import COMMON, HAN, WORD, passes, stem
from shop import ATTACKS, Row, assemble, cited, english_row, values, fill
from shop import wear as wear_en
from shop_zh import ATTACKS as ATTACKS_ZH
from shop_zh import chinese_row, draw
from shop_zh import wear as wear_zh

OPENERS = re.compile(
    r"^(?:Note that|Please note that|Note|Important|Tip|Warning|Caution|However|Additionally|In addition|Also|For example|Therefore|Then|Next|Finally|First|Second|In this case|In that case|"
    r"In general|Generally|Typically|Usually|Similarly|As a result|Thus|Hence|Instead|Alternatively|Remember that|Keep in mind that|Be aware that|Otherwise|Moreover|Furthermore|But|And|So|Of course|Currently|"
    r"In other words|On the other hand|In fact|As you can see|As mentioned|At this point|By the way)(?:[,:]\s*|\s+(?=[a-z])|$)"
)
OPENERS_ZH = re.compile(r"^(?:请注意|注意|重要提示|重要|提示|备注|此外|另外|同时|但是|不过|然而|因此|所以|例如|比如|首先|其次|然后|接着|最后|并且|而且|总之|通常情况下|一般来说|换句话说|在这种情况下|在此情况下)[，：,:]\s*")
TAIL = re.compile(r",\s+(?:such as|including|for example|which|like|especially|e\.g\.|so that|where|whereas|although|even though|because|instead of|as well as|as described|as shown|depending on|making|allowing|so you|and so)\b.*$")
TAIL_ZH = re.compile(r"，(?:例如|比如|包括|尤其|从而|以便|因为|其中|这样|以及|即使|特别是|而不是|如下|使得|以确保|如图|并且|同时)[^。]*$")
REFERENCE = re.compile(r"(?i)^(?:for more|to learn more|see |learn more|for (?:details|information|instructions)|the following|this (?:article|topic|section|page|document|guide)|in this (?:article|topic|section)|here(?:'s| is| are)|below|click here)|请参阅|有关.{0,20}信息|详细信息|本文|本节|下面|以下|如下")
SENTENCE = re.compile(r"(?<=[^\d\s][.!?])\s+(?=[A-Z\"'(])|(?<=[。！？])|\n+")
STEP = re.compile(r"^(?:\d+[.)、]|-)\s*")
FLIP = {"you": "I", "your": "my", "yours": "mine", "yourself": "myself", "you're": "I'm", "you've": "I've"}


def short(sentence: str, lang: str) -> str:
    """Compress one sentence: no opener, no parenthesis, no trailing clause; a very long one is cut at a clause."""
    text = sentence.strip()
    if lang == "zh":
        text = OPENERS_ZH.sub("", text)
        text = re.sub(r"（[^（）]{1,60}）|\([^()]{1,60}\)", "", text).rstrip("。！？；：: ")
        cut = TAIL_ZH.sub("", text)
        text = cut if len(cut) >= 12 else text
        if len(text) > 50:
            at = text.rfind("，", 20, 46)
            text = text[:at] if at > 0 else text
        return text.strip()
    for _ in range(2):
        text = OPENERS.sub("", text)
    text = re.sub(r"\s*\([^()]{1,80}\)", "", text).strip().rstrip(".!?:; ")
    cut = TAIL.sub("", text)
    text = cut if len(cut.split()) >= 6 else text
    words = text.split()
    if len(words) > 22:
        for m in re.finditer(r"[,;]\s+(?:and|but|or|so|then|which)\s|;\s|\s+because\s|,\s+", text):
            before = len(text[: m.start()].split())
            if 10 <= before <= 24:
                text = text[: m.start()]
                break
    return text[0].upper() + text[1:] if text else text


def units(text: str) -> list[str]:
    """Split a section into sentences and list items."""
    return [u.strip() for u in SENTENCE.split(text) if u and u.strip()]


def size(text: str) -> int:
    """Count words; two Han characters count as one."""
    return len(text.split()) + len(HAN.findall(text)) // 2


def flip(text: str) -> str:
    """Turn the page's `you` into the visitor's `I`."""
    return re.sub(r"[A-Za-z']+", lambda m: FLIP.get(m.group(0).lower(), m.group(0)), text)


def lower_first(text: str) -> str:
    return text[0].lower() + text[1:] if len(text) > 1 and not text[1].isupper() else text


def ask_en(sentence: str, rng: random.Random) -> tuple[str, str] | None:
    """Make (question, answer opening style) from the wording of an English sentence; None when nothing fits."""
    s = OPENERS.sub("", sentence).strip()
    s = s[0].upper() + s[1:] if s else s
    if m := re.match(r"^To ([a-z][^,]{6,80}), (.{10,})$", s):
        act = flip(m.group(1))
        return rng.choice((f"How do I {act}?", f"How can I {act}?", f"how to {act}", f"I want to {act}", f"What do I have to do to {act}?", f"How do you {m.group(1)}?")), "tail"
    if m := re.match(r"^(?:If|When) ([^,]{8,90}), (.{10,})$", s):
        case = flip(m.group(1))
        return rng.choice((f"What happens if {case}?", f"What if {case}?", f"{case}, what should I do?", f"what to do when {case}")), "tail"
    if m := re.match(r"^You (?:can't|cannot|can not) (.{8,})$", s):
        act = flip(short(m.group(1), "en").rstrip("."))
        return rng.choice((f"Can I {lower_first(act)}?", f"Is it possible to {lower_first(act)}?")), "no"
    if m := re.match(r"^You can (?:also |then |now )?(?!be |see |find )(.{8,})$", s):
        act = lower_first(flip(short(m.group(1), "en").rstrip(".")))
        if rng.random() < 0.5:
            return rng.choice((f"Can I {act}?", f"Is it possible to {act}?", f"can i {act}")), "yes"
        return rng.choice((f"How do I {act}?", f"How can I {act}?")), "same"
    if m := re.match(r"^You (?:must|need to|have to|should) (.{8,})$", s):
        act = lower_first(flip(short(m.group(1), "en").rstrip(".")))
        return rng.choice((f"Do I need to {act}?", f"Do I have to {act}?", "What do I need to do " + act.split(" ", 1)[-1] + "?")), "yes"
    if m := re.match(r"^((?:The |A |An )?[A-Z]?[\w'/-]+(?: [\w'/-]+){0,5}?) (is|are) (?:an? |the )(.{10,})$", s):
        return rng.choice((f"What {m.group(2)} {lower_first(m.group(1)) if m.group(1).startswith(('The ', 'A ', 'An ')) else m.group(1)}?", f"What {m.group(2)} {m.group(1)}?", f"{m.group(1)} meaning", f"Tell me about {m.group(1)}")), "same"
    if m := re.match(r"^((?:The |A |An )?[\w'/-]+(?: [\w'/-]+){0,5}?) (lets|allows|enables|helps|provides|contains|includes|requires|supports|shows|displays|uses|offers|has|needs)\s(.{8,})$", s):
        base = {"has": "have"}.get(m.group(2), m.group(2)[:-1])
        topic = lower_first(m.group(1)) if m.group(1).startswith(("The ", "A ", "An ")) else m.group(1)
        if topic.lower() in ("it", "this", "that", "which", "there"):
            return None
        return rng.choice((f"What does {topic} {base}?", f"What does {topic} do?", f"Tell me about {topic}")), "same"
    if m := re.match(r"^(.{6,70}?) (must|can|can't|cannot|should|will|won't) be (.{6,})$", s):
        topic = m.group(1)
        if topic.split()[0].lower() in ("it", "this", "that", "they", "these", "which"):
            return None
        modal = {"can't": "can", "cannot": "can", "won't": "will"}.get(m.group(2), m.group(2))
        return f"{modal.capitalize()} {lower_first(topic) if topic.startswith(('The ', 'A ', 'An ', 'Your ', 'All ', 'Each ', 'You ')) else topic} be {short(m.group(3), 'en').rstrip('.').split(',')[0]}?", "same"
    return None


def keywords_en(sentence: str, rng: random.Random) -> str | None:
    """Take a run of the sentence's content words as a visitor would type them into a search box."""
    words = [w for w in WORD.findall(sentence) if w.lower() not in COMMON and len(w) > 2]
    if len(words) < 4:
        return None
    n = min(len(words), rng.randint(3, 5))
    at = rng.randrange(0, len(words) - n + 1)
    return rng.choice(("{}", "{}", "{}?", "What about {}?", "question about {}")).format(" ".join(words[at : at + n]))


def ask_zh(sentence: str, rng: random.Random) -> tuple[str, str] | None:
    """Make a question from the wording of a Chinese sentence; None when nothing fits."""
    s = OPENERS_ZH.sub("", sentence).strip().rstrip("。")
    me = lambda t: re.sub(r"您的|你的", "我的", re.sub(r"您|你", "我", t))  # noqa: E731
    if m := re.match(r"^(?:若要|如需|要|如要|为了|想要)([^，]{4,36})，(.{6,})$", s):
        return rng.choice((f"如何{me(m.group(1))}？", f"怎么{me(m.group(1))}？", f"怎样才能{me(m.group(1))}", f"我想{me(m.group(1))}，怎么操作？")), "tail"
    if m := re.match(r"^(?:如果|若|当)([^，]{4,40}?)(?:时)?，(.{6,})$", s):
        return rng.choice((f"如果{me(m.group(1))}怎么办？", f"{me(m.group(1))}怎么办？", f"{me(m.group(1))}会怎么样？")), "tail"
    if m := re.match(r"^(?:您|你)(?:还|也)?可以([^，]{4,40})(.*)$", s):
        return rng.choice(((f"可以{me(m.group(1))}吗？", "yes"), (f"我能{me(m.group(1))}吗？", "yes"), (f"怎么{me(m.group(1))}？", "same")))
    if m := re.match(r"^(?:您|你)(?:必须|需要|应该|应)([^，]{4,40})(.*)$", s):
        return rng.choice((f"需要{me(m.group(1))}吗？", f"我必须{me(m.group(1))}吗？")), "need"
    if m := re.match(r"^([^，。是]{2,16})是(?:一|指|用于|由|基于|为)(.{6,})$", s):
        return rng.choice((f"{m.group(1)}是什么？", f"什么是{m.group(1)}？", f"{m.group(1)}是什么意思", f"介绍一下{m.group(1)}")), "same"
    if m := re.match(r"^([^，。]{2,18}?)(支持|包含|包括|提供|允许|需要|使用|默认为)(.{5,})$", s):
        if m.group(1)[:1] in "这此该它其你您我通在从对将为使按可要只请每":
            return None
        return rng.choice((f"{m.group(1)}{m.group(2)}什么？", f"{m.group(1)}{m.group(2)}哪些？")), "same"
    return None


def keywords_zh(sentence: str, rng: random.Random) -> str | None:
    runs = [r for r in re.findall(r"[\u3400-\u9fffA-Za-z0-9 ]{4,18}", sentence) if len(HAN.findall(r)) >= 3]
    return rng.choice(("{}", "{}", "{}？", "关于{}")).format(rng.choice(runs).strip()) if runs else None


def from_heading(heading: str, lang: str, rng: random.Random) -> str:
    """Turn a heading into a question."""
    h = re.sub(r"^(?:Step )?\d+(?:\.\d+)*[.:)、]?\s*|\s*\([^)]*\)\s*$", "", heading).strip()
    if lang == "zh":
        if re.search(r"[？?吗呢]$|什么|如何|怎么|为什么|哪些", h):
            return h
        if re.match(r"^(?:创建|添加|删除|设置|配置|更改|修改|启用|禁用|安装|使用|查看|管理|打开|关闭|导入|导出|发送|更新|选择|定义|编辑|指定|获取|连接|注册|运行|部署|升级|下载|上传|重置|取消|查找|分配)", h):
            return rng.choice((f"如何{h}？", f"怎么{h}？", f"怎样{h}", h, f"我想{h}"))
        if re.match(r"^[将使已无为在从对把让不当与以按]|^(?:请|可以|需要|关于)", h) or len(h) > 16:
            return rng.choice((h, f"{h}怎么办？", f"关于{h}"))
        return rng.choice((f"什么是{h}？", f"{h}是什么？", h, f"介绍一下{h}", f"{h}？"))
    if h.endswith("?") or re.match(r"^(?:How|What|Why|Can|Do|Does|Is|Are|Where|When|Who|Which)\b", h):
        q = flip(h) if not re.match(r"^(?:Can|Do|How do|How can) I\b", h) else h
        return q if rng.random() < 0.8 else re.sub(r"^How (?:do|can) I ", "how to ", q)
    if m := re.match(r"^(?:To )?((?:Create|Add|Delete|Remove|Set|Set up|Configure|Change|Edit|Enable|Disable|Install|Use|View|Manage|Open|Close|Import|Export|Send|Update|Select|Choose|Define|Specify|Get|Connect|Register|Run|Deploy|Upgrade|Download|Upload|Reset|Cancel|Find|Assign|Move|Copy|Post|Print|Turn|Check|Customize|Share|Sign|Start|Stop|Verify|Apply|Build|Write|Make|Plan|Prepare|Restore|Save|Search|Test|Track|Review|Rename|Restrict)\b.*)$", h):
        act = flip(lower_first(m.group(1)))
        return rng.choice((f"How do I {act}?", f"How can I {act}?", f"how to {act}", f"I want to {act}", act, f"Where can I {act}?"))
    if m := re.match(r"^([A-Z][a-z]+)ing (.+)$", h):
        return rng.choice((f"How does {lower_first(h)} work?", f"{lower_first(h)}", f"Tell me about {lower_first(h)}", f"Help with {lower_first(h)}"))
    return rng.choice((f"What is {h}?" if not h.endswith("s") else f"What are {h}?", h, f"Tell me about {lower_first(h)}", f"{h}?", f"What should I know about {lower_first(h)}?"))


class Sections:
    """The sections of one split, found by document and by the words of their headings."""

    def __init__(self, path: Path) -> None:
        with path.open(encoding="utf-8") as stream:
            self.rows = [json.loads(line) for line in stream]
        self.by_lang = {lang: [i for i, r in enumerate(self.rows) if r["lang"] == lang] for lang in ("en", "zh")}
        self.by_doc: dict[str, list[int]] = defaultdict(list)
        self.by_word: dict[str, list[int]] = defaultdict(list)
        for i, row in enumerate(self.rows):
            self.by_doc[row["doc"]].append(i)
            for word in self.words(row):
                self.by_word[word].append(i)

    @staticmethod
    def words(row: dict) -> set[str]:
        text = row["heading"] or row["title"]
        if row["lang"] == "zh":
            run = "".join(HAN.findall(text))
            return {run[i : i + 2] for i in range(len(run) - 1)}
        return {stem(w) for w in WORD.findall(text) if w.lower() not in COMMON and len(w) > 3}

    def distractor(self, i: int, rng: random.Random) -> tuple[int, bool]:
        """Pick another section: of the same document, of a similar heading, or any; True when it is close."""
        row, r = self.rows[i], rng.random()
        if r < 0.35 and len(self.by_doc[row["doc"]]) > 1:
            return rng.choice(self.by_doc[row["doc"]]), True
        if r < 0.75:
            words = [w for w in self.words(row) if 1 < len(self.by_word[w]) < 400]
            if words:
                return rng.choice(self.by_word[rng.choice(sorted(words))]), True
        return rng.choice(self.by_lang[row["lang"]]), False


def head_of(row: dict) -> str:
    title, heading = row["title"], row["heading"]
    return f"{title} > {heading}" if title and heading and title != heading else heading or title


def window(parts: list[str], at: int, rng: random.Random, limit: int) -> tuple[str, int]:
    """Return a passage of whole units around parts[at], at most `limit` words, and the index of its first unit."""
    low = high = at
    total = size(parts[at])
    back = rng.random()
    while True:
        grow_low = low > 0 and (rng.random() < back or high == len(parts) - 1)
        if grow_low and total + size(parts[low - 1]) <= limit:
            low -= 1
            total += size(parts[low])
        elif high < len(parts) - 1 and total + size(parts[high + 1]) <= limit:
            high += 1
            total += size(parts[high])
        else:
            break
    out = parts[low]
    for k in range(low + 1, high + 1):
        listed = STEP.match(parts[k]) or STEP.match(parts[k - 1])
        out += ("\n" if listed else "" if HAN.search(parts[k - 1][-2:]) or parts[k - 1][-1:] in "。！？" else " ") + parts[k]
    return out, low


def good(sentence: str, lang: str) -> bool:
    """Tell whether a sentence can be an answer by itself."""
    if REFERENCE.search(sentence) or sentence.rstrip().endswith((":", "：", "?", "？")) or STEP.match(sentence) or re.search(r"https?:|[{}<>\\|]", sentence):
        return False
    if lang == "zh":
        return 12 <= len(sentence) <= 120 and len(HAN.findall(sentence)) >= 8 and sentence[-1] in "。！"
    words = sentence.split()
    return 6 <= len(words) <= 40 and sentence[-1] in ".!" and words[0] not in ("It", "This", "These", "They", "That", "Those", "He", "She")


def steps_of(parts: list[str], lang: str) -> list[str]:
    """Return the first run of numbered steps, each cut to its first clause."""
    out = []
    for part in parts:
        if re.match(r"^\d+[.)、]\s*\S", part):
            step = short(STEP.sub("", part), lang)
            step = re.split(r"(?<=[a-z]{3})\.\s", step)[0]
            if size(step) > 18 or len(step) < 4:
                break
            out.append(step)
        elif out:
            break
    return out[:4]


def list_of(parts: list[str], lang: str) -> list[str]:
    """Return the first bulleted items when they are short."""
    out = []
    for part in parts:
        if part.startswith("- "):
            item = short(STEP.sub("", part), lang)
            if size(item) > 14 or len(item) < 3:
                break
            out.append(item)
        elif out:
            break
    return out[:4]


def sentence_question(sentence: str, lang: str, rng: random.Random) -> tuple[str, str] | None:
    """Make a question and its short answer from one sentence."""
    made = ask_zh(sentence, rng) if lang == "zh" else ask_en(sentence, rng)
    style = "same"
    if made is None or rng.random() < 0.12:
        question = keywords_zh(sentence, rng) if lang == "zh" else keywords_en(sentence, rng)
    else:
        question, style = made
    if question is None or not 3 < len(question) < 160:
        return None
    line = short(sentence, lang)
    if style == "tail":
        # The question already says "if X" or "to X": the answer is what follows.
        rest = short(re.split("，" if lang == "zh" else r",\s+", OPENERS.sub("", sentence), maxsplit=1)[-1], lang)
        if size(rest) >= 4 and not re.match(r"(?:which|and|or|but|it|they|this|these|that|him|her)\b|但|并|和|或|它|其|这|则$", rest.lower()):
            line = re.sub(r"^则", "", rest)
    elif style in ("yes", "no") and lang == "en" and line.startswith("You "):
        line = f"{style.capitalize()}, you {line[4:]}"
    elif style in ("yes", "need") and lang == "zh":
        line = ("可以，" if style == "yes" else "需要，") + line
    return (question, line) if len(line) >= 4 else None


def real_row(pool: Sections, lang: str, rng: random.Random) -> Row | None:
    """Make one row from a real section, or None when the draw does not suit."""
    i = rng.choice(pool.by_lang[lang])
    row = pool.rows[i]
    if row["source"] == "dstc9_faq" and rng.random() < 0.6 or re.search(r"[<>{}$=\\\\]|\(\)|--", row["heading"]):
        return None
    parts = units(row["text"])[:60]
    if not parts:
        return None
    wear = wear_zh if lang == "zh" else wear_en
    limit = rng.choice((40, 60, 90, 120))
    whole = rng.random() < (0.75 if row["faq"] else 0.3)
    if len(parts) > 1 and re.match(r"^(?:Yes|No)[.!,]?$", parts[0]) and good(parts[1], lang):
        parts[:2] = [f"{parts[0].rstrip('.!,')}, {lower_first(parts[1]) if not parts[1].startswith('I ') else parts[1]}"]
    picks = [k for k, p in enumerate(parts) if good(p, lang)]
    steps, items = steps_of(parts, lang), list_of(parts, lang)
    lines: list[str] = []
    style = "same"
    if whole and (row["heading"] or row["title"]):
        question = from_heading(row["heading"] or row["title"], lang, rng)
        if len(steps) >= 2 and rng.random() < 0.85:
            at = next(k for k, p in enumerate(parts) if re.match(r"^\d+[.)、]\s*\S", p))
            lines = [f"{n}. {s}" for n, s in enumerate(steps, start=1)]
            limit = max(limit, sum(size(p) for p in parts[at : at + len(steps)]))
        else:
            wanted = Sections.words(row)
            if not picks or not wanted:
                return None
            # FAQ answers open with the answer; elsewhere the sentence that shares most words with the heading is taken.
            known = (lambda t: sum(w in t for w in wanted)) if lang == "zh" else (lambda t: sum(w in {stem(x) for x in WORD.findall(t)} for w in wanted))
            at = picks[0] if row["faq"] else max(picks[:5], key=lambda k: (known(parts[k]), -k))
            if not row["faq"] and known(parts[at]) < max(1, len(wanted) * 0.45):
                return None
            lines = [short(parts[at], lang)]
            if at + 1 in picks and size(lines[0]) < 12:
                lines.append(short(parts[at + 1], lang))
            if len(items) >= 2 and size(lines[0]) < 14 and at == 0 and rng.random() < 0.5:
                return None
            if row["faq"] and lang == "en" and re.match(r"^(?:can|do|does|is|are|will)\b", question.lower()) and re.match(r"^(?:Yes|No)\b[.,]?", parts[0]) and at > 0:
                return None
    elif (lists := [k for k in range(len(parts) - 2) if parts[k][-1] in ":：" and parts[k + 1].startswith("- ") and parts[k + 2].startswith("- ")]) and rng.random() < 0.6:
        at = rng.choice(lists)
        items = list_of(parts[at + 1 :], lang)
        intro = short(parts[at], lang)
        if not 2 <= len(items) <= 4 or sum(map(size, items)) > 26 or size(intro) > 14 or not re.search(r"[a-z]{3}|[\u3400-\u9fff]{4}", intro) or re.search(r"(?i)\b(?:step|procedure|click|select|following command)", intro) or re.search("步骤|操作|点击|选择", intro):
            return None
        intro = re.sub(r"(?i)\s*(?:the )?following(?: \w+)?$|(?:以下|下列|如下)[\u3400-\u9fff]{0,4}$", "", intro).strip()
        if size(intro) < 3:
            return None
        made = ask_zh(intro + "。", rng) if lang == "zh" else ask_en(intro + ".", rng)
        key = keywords_zh(intro, rng) if lang == "zh" else keywords_en(intro, rng)
        question = (made[0] if made and made[1] == "same" else None) or (from_heading(row["heading"], lang, rng) if row["heading"] and rng.random() < 0.5 else key) or ""
        if not question:
            return None
        lines = [f"{intro}：{'、'.join(items)}" if lang == "zh" else f"{intro}: {', '.join(i[0].lower() + i[1:] if len(i) > 1 and i[1].islower() else i for i in items)}"]
        limit = max(limit, sum(size(p) for p in parts[at : at + 1 + len(items)]))
        style = "list"
    else:
        if not picks:
            return None
        at = rng.choice(picks)
        asked = sentence_question(parts[at], lang, rng)
        if asked is None:
            return None
        question, line = asked
        lines = [line]
    if any(len(line) < 4 for line in lines) or not 3 < len(question) < 160:
        return None
    text, _ = window(parts, at, rng, limit)
    passages = [(head_of(row), text)]
    count = rng.choice((0, 1, 1, 2, 2))
    close_any = False
    for _ in range(count):
        j, close = pool.distractor(i, rng)
        other = pool.rows[j]
        if j == i:
            continue
        other_parts = units(other["text"])[:60]
        if not other_parts:
            continue
        piece, _ = window(other_parts, rng.randrange(len(other_parts)), rng, rng.choice((30, 60, 90, 120)))
        # The gold sentence must stand on one page only.
        if parts[at][:40] in piece or row["text"][:60] == other["text"][:60]:
            continue
        close_any |= close
        passages.append((head_of(other), piece))
    if rng.random() < 0.05:
        k = rng.randrange(len(passages))
        attack = fill(rng.choice(ATTACKS_ZH if lang == "zh" else ATTACKS), draw(rng) if lang == "zh" else values(rng))
        head, piece = passages[k]
        passages[k] = (head, rng.choice((attack + " " + piece, piece + " " + attack, piece + "\n" + attack)))
    missing = rng.random() < 0.11
    if missing:
        gold_words = {stem(w) for w in WORD.findall(question) if w.lower() not in COMMON and not HAN.match(w)} | {h[k : k + 2] for h in re.findall(r"[\u3400-\u9fff]{2,}", question) for k in range(len(h) - 1)}
        rest = passages[1:]
        while not rest or (len(rest) < 2 and rng.random() < 0.5):
            other = pool.rows[rng.choice(pool.by_lang[lang])]
            if other["doc"] == row["doc"]:
                continue
            other_parts = units(other["text"])[:60]
            if other_parts:
                rest.append((head_of(other), window(other_parts, rng.randrange(len(other_parts)), rng, rng.choice((40, 60, 90, 120)))[0]))
        flat = " ".join(h + " " + t for h, t in rest)
        there = {stem(w) for w in WORD.findall(flat) if not HAN.match(w)} | {flat[k : k + 2] for k in range(len(flat) - 1)}
        if gold_words and sum(w in there for w in gold_words) / len(gold_words) > 0.6:
            return None
        order = list(range(len(rest)))
        rng.shuffle(order)
        passages, answer = [rest[k] for k in order], "NONE"
    else:
        order = list(range(len(passages)))
        rng.shuffle(order)
        number = order.index(0) + 1
        passages = [passages[k] for k in order]
        answer = ("\n" if lines[0].startswith("1. ") else "" if lang == "zh" else " ").join(cited(line, number, lang) for line in lines)
    question = wear(question, rng)
    flat = [h + "\n" + t for h, t in passages]
    if answer != "NONE" and not passes(answer, flat, question, 0.9):
        return None
    kind = "none" if missing else "steps" if lines[0].startswith("1. ") else "list" if style == "list" else "faq" if whole else "sentence"
    made_row = Row(lang, kind, assemble(passages, question, lang), answer, [], flat, question)
    # Further questions about other sentences of the passages shown, of every passage.
    shown = [(n, u) for n, (_, piece) in enumerate(passages, start=1) for u in units(piece) if good(u, lang) and (missing or u != parts[at])]
    rng.shuffle(shown)
    for n, sentence in shown[:6]:
        asked = sentence_question(sentence, lang, rng)
        if asked and passes(cited(asked[1], n, lang), flat, asked[0], 0.9):
            made_row.more.append((wear(asked[0], rng), cited(asked[1], n, lang)))
    return made_row


def as_json(row: Row) -> str:
    out = {"lang": row.lang, "kind": row.kind, "prompt": row.prompt, "answer": row.answer}
    if row.earlier:
        out["earlier"] = row.earlier
    if row.more:
        out["more"] = row.more[:5]
    return json.dumps(out, ensure_ascii=False)


def build(pool: Sections, rows: int, rng: random.Random, shop_share: float, out: Path) -> Counter[str]:
    """Write `rows` distinct rows, 60 % English; `shop_share` of them invented."""
    count: Counter[str] = Counter()
    seen: set[str] = set()
    with out.open("w", encoding="utf-8") as stream:
        while len(seen) < rows:
            lang = "en" if rng.random() < 0.58 else "zh"
            if rng.random() < shop_share:
                row = english_row(rng) if lang == "en" else chinese_row(rng)
                if not passes(row.answer, row.passages, row.question):
                    continue
            else:
                made = None
                while made is None:
                    made = real_row(pool, lang, rng)
                row = made
            if row.prompt not in seen and len(row.prompt) < 3200:
                seen.add(row.prompt)
                count[f"{row.lang}/{row.kind}"] += 1
                stream.write(as_json(row) + "\n")
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=60_000)
    parser.add_argument("--shop-share", type=float, default=0.45)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    counts = build(Sections(args.work / "sections.train.jsonl"), args.rows, rng, args.shop_share, args.work / "grounded.train.jsonl")
    print("train", dict(sorted(counts.items())))
    for split in ("dev", "test"):
        counts = build(Sections(args.work / f"sections.{split}.jsonl"), 600, random.Random(f"{split}-rows"), 0.4, args.work / f"grounded.{split}.jsonl")
        print(split, dict(sorted(counts.items())))


if __name__ == "__main__":
    main()

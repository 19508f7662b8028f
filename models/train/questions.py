"""Makes questions: from headings, from the wording of a sentence, as search words, and in the ways visitors type.

A question from a sentence comes with nothing but its text: the answer is always that sentence, or its first clauses.
"""

from __future__ import annotations

import random
import re

from shop import wear as wear_en
from shop_zh import wear as wear_zh
from words import COMMON, HAN, WORD

OPENERS = re.compile(
    r"^(?:Note that|Please note that|Note|Important|Tip|Warning|Caution|However|Additionally|In addition|Also|For example|Therefore|Then|Next|Finally|First|Second|In this case|In that case|"
    r"In general|Generally|Typically|Usually|Similarly|As a result|Thus|Hence|Instead|Alternatively|Remember that|Keep in mind that|Be aware that|Otherwise|Moreover|Furthermore|But|And|So|Of course|Currently|"
    r"In other words|On the other hand|In fact|As you can see|As mentioned|At this point|By the way)(?:[,:]\s*|\s+(?=[a-z])|$)"
)
OPENERS_ZH = re.compile(r"^(?:请注意|注意|重要提示|重要|提示|备注|此外|另外|同时|但是|不过|然而|因此|所以|例如|比如|首先|其次|然后|接着|最后|并且|而且|总之|通常情况下|一般来说|换句话说|在这种情况下|在此情况下)[，：,:]\s*")
FLIP = {"you": "I", "your": "my", "yours": "mine", "yourself": "myself", "you're": "I'm", "you've": "I've"}
PRONOUNS = frozenset("it this that they these those which there he she".split())
ASIDE = re.compile(r"\s*\([^()]{1,80}\)|（[^（）]{1,60}）")
COLLOQUIAL_EN = (
    (re.compile(r"^How (?:do|can) I (.+?)\??$"), ("how to {}", "whats the way to {}", "i'd like to {}", "trying to {}, how?", "any idea how i {}", "can someone tell me how to {}", "need to {}")),
    (re.compile(r"^Can I (.+?)\??$"), ("is it possible to {}", "am i allowed to {}", "any chance i can {}", "would it be ok to {}", "so i can {}, right?", "is there a way to {}")),
    (re.compile(r"^How much (?:is|are) (.+?)\??$"), ("what's the price of {}", "how expensive is {}", "{} price", "what will {} set me back")),
    (re.compile(r"^What (?:is|are) (.+?)\??$"), ("explain {}", "{}?", "what do you mean by {}", "not sure what {} is", "{} - what is that")),
    (re.compile(r"^Do (?:you|they) (?:have|offer) (.+?)\??$"), ("is there {}", "any {}?", "can I get {} there", "{} available?", "I was wondering about {}")),
    (re.compile(r"^(?:Is|Are) there (.+?)\??$"), ("do they have {}", "do you have {}", "{} available?", "would I find {} there")),
    (re.compile(r"^Where (?:can|do) I (.+?)\??$"), ("where to {}", "what's the place to {}", "in which place do i {}", "i want to {} but don't see where")),
    (re.compile(r"^Why (.+?)\??$"), ("what's the reason {}", "how come {}", "any reason why {}")),
)
COLLOQUIAL_ZH = (
    (re.compile(r"^(?:如何|怎么|怎样)(.+?)[？?]?$"), ("想{}，该怎么弄", "{}要怎么操作呀", "教我一下怎么{}", "{}的方法是什么", "请问{}怎么做", "不会{}，求助")),
    (re.compile(r"^什么是(.+?)[？?]?$"), ("{}是干嘛的", "{}是啥", "{}指的是什么", "能解释一下{}吗")),
    (re.compile(r"^(.+?)多少钱[？?]?$"), ("{}什么价", "{}贵不贵", "{}要花多少", "{}价格", "买{}得多少钱")),
    (re.compile(r"^(?:可以|我能|能)(.+?)吗[？?]?$"), ("能不能{}", "{}行不行", "可不可以{}", "允许{}吗", "我想{}，可以吗")),
    (re.compile(r"^(.+?)多久(.*?)[？?]?$"), ("{}多长时间{}", "{}几天{}", "{}要等多久{}")),
)


def flip(text: str) -> str:
    """Turn the page's `you` into the visitor's `I`."""
    return re.sub(r"[A-Za-z']+", lambda m: FLIP.get(m.group(0).lower(), m.group(0)), text)


def lower_first(text: str) -> str:
    return text[0].lower() + text[1:] if len(text) > 1 and not text[1].isupper() else text


def colloquial(question: str, lang: str, rng: random.Random) -> str:
    """Ask the same in another form, then write it as visitors do."""
    if rng.random() < 0.4:
        for form, others in COLLOQUIAL_ZH if lang == "zh" else COLLOQUIAL_EN:
            if m := form.match(question):
                question = rng.choice(others).format(*m.groups())
                break
    return (wear_zh if lang == "zh" else wear_en)(question, rng)


def from_sentence(sentence: str, lang: str, rng: random.Random) -> str | None:
    """Make a question that a sentence answers, from its wording or as search words; None when nothing fits."""
    made = None if rng.random() < 0.1 else (ask_zh(sentence, rng) if lang == "zh" else ask_en(sentence, rng))
    if made is None and rng.random() < 0.5:
        made = keywords_zh(sentence, rng) if lang == "zh" else keywords_en(sentence, rng)
    return made if made and 3 < len(made) < 140 else None


def head_clause(text: str) -> str:
    """Return the first clause of the rest of a sentence, without what stands in parentheses."""
    return re.split(r"[,;:]\s", ASIDE.sub("", text))[0].rstrip(".!")


def ask_en(sentence: str, rng: random.Random) -> str | None:
    """Make a question from the wording of an English sentence."""
    s = OPENERS.sub("", sentence).strip()
    s = s[0].upper() + s[1:] if s else s
    if m := re.match(r"^To ([a-z][^,]{6,80}), (.{10,})$", s):
        act = flip(m.group(1))
        return rng.choice((f"How do I {act}?", f"How can I {act}?", f"how to {act}", f"I want to {act}", f"What do I have to do to {act}?", f"How do you {m.group(1)}?"))
    if m := re.match(r"^(?:If|When) ([^,]{8,90}), (.{10,})$", s):
        case = flip(m.group(1))
        return rng.choice((f"What happens if {case}?", f"What if {case}?", f"{case}, what should I do?", f"what to do when {case}"))
    if m := re.match(r"^You (?:can't|cannot|can not) (.{8,})$", s):
        act = lower_first(flip(head_clause(m.group(1))))
        return rng.choice((f"Can I {act}?", f"Is it possible to {act}?"))
    if m := re.match(r"^You can (?:also |then |now )?(?!be |see |find )(.{8,})$", s):
        act = lower_first(flip(head_clause(m.group(1))))
        return rng.choice((f"Can I {act}?", f"Is it possible to {act}?", f"can i {act}", f"How do I {act}?", f"How can I {act}?"))
    if m := re.match(r"^You (?:must|need to|have to|should) (.{8,})$", s):
        act = lower_first(flip(head_clause(m.group(1))))
        return rng.choice((f"Do I need to {act}?", f"Do I have to {act}?", f"What do I need to do {act.split(' ', 1)[-1]}?"))
    if m := re.match(r"^((?:The |A |An )?[A-Z]?[\w'/-]+(?: [\w'/-]+){0,5}?) (is|are) (?:an? |the )(.{10,})$", s):
        topic = lower_first(m.group(1)) if m.group(1).startswith(("The ", "A ", "An ")) else m.group(1)
        return None if topic.lower() in PRONOUNS else rng.choice((f"What {m.group(2)} {topic}?", f"{m.group(1)} meaning", f"Tell me about {topic}"))
    if m := re.match(r"^((?:The |A |An )?[\w'/-]+(?: [\w'/-]+){0,5}?) (lets|allows|enables|helps|provides|contains|includes|requires|supports|shows|displays|uses|offers|has|needs)\s(.{8,})$", s):
        base = {"has": "have"}.get(m.group(2), m.group(2)[:-1])
        topic = lower_first(m.group(1)) if m.group(1).startswith(("The ", "A ", "An ")) else m.group(1)
        return None if topic.lower() in PRONOUNS else rng.choice((f"What does {topic} {base}?", f"What does {topic} do?", f"Tell me about {topic}"))
    if m := re.match(r"^(.{6,70}?) (must|can|can't|cannot|should|will|won't) be (.{6,})$", s):
        topic = m.group(1)
        if topic.split()[0].lower() in PRONOUNS:
            return None
        modal = {"can't": "can", "cannot": "can", "won't": "will"}.get(m.group(2), m.group(2))
        return f"{modal.capitalize()} {lower_first(topic) if topic.startswith(('The ', 'A ', 'An ', 'Your ', 'All ', 'Each ', 'You ')) else topic} be {head_clause(m.group(3))}?"
    return None


def keywords_en(sentence: str, rng: random.Random) -> str | None:
    """Take a run of the sentence's content words as a visitor would type them into a search box."""
    words = [w for w in WORD.findall(sentence) if w.lower() not in COMMON and len(w) > 2]
    if len(words) < 4:
        return None
    n = min(len(words), rng.randint(3, 5))
    at = rng.randrange(0, len(words) - n + 1)
    return rng.choice(("{}", "{}", "{}?", "What about {}?", "question about {}")).format(" ".join(words[at : at + n]))


def ask_zh(sentence: str, rng: random.Random) -> str | None:
    """Make a question from the wording of a Chinese sentence."""
    s = OPENERS_ZH.sub("", sentence).strip().rstrip("。")
    me = lambda t: re.sub(r"您的|你的", "我的", re.sub(r"您|你", "我", t))  # noqa: E731
    if m := re.match(r"^(?:若要|如需|要|如要|为了|想要)([^，]{4,36})，(.{6,})$", s):
        return rng.choice((f"如何{me(m.group(1))}？", f"怎么{me(m.group(1))}？", f"怎样才能{me(m.group(1))}", f"我想{me(m.group(1))}，怎么操作？"))
    if m := re.match(r"^(?:如果|若|当)([^，]{4,40}?)(?:时)?，(.{6,})$", s):
        return rng.choice((f"如果{me(m.group(1))}怎么办？", f"{me(m.group(1))}怎么办？", f"{me(m.group(1))}会怎么样？"))
    if m := re.match(r"^(?:您|你)(?:还|也)?可以([^，]{4,40})(.*)$", s):
        return rng.choice((f"可以{me(m.group(1))}吗？", f"我能{me(m.group(1))}吗？", f"怎么{me(m.group(1))}？"))
    if m := re.match(r"^(?:您|你)(?:必须|需要|应该|应)([^，]{4,40})(.*)$", s):
        return rng.choice((f"需要{me(m.group(1))}吗？", f"我必须{me(m.group(1))}吗？"))
    if m := re.match(r"^([^，。是]{2,16})是(?:一|指|用于|由|基于|为)(.{6,})$", s):
        return rng.choice((f"{m.group(1)}是什么？", f"什么是{m.group(1)}？", f"{m.group(1)}是什么意思", f"介绍一下{m.group(1)}"))
    if m := re.match(r"^([^，。]{2,18}?)(支持|包含|包括|提供|允许|需要|使用|默认为)(.{5,})$", s):
        return None if m.group(1)[:1] in "这此该它其你您我通在从对将为使按可要只请每" else rng.choice((f"{m.group(1)}{m.group(2)}什么？", f"{m.group(1)}{m.group(2)}哪些？"))
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
    if re.match(r"^([A-Z][a-z]+)ing (.+)$", h):
        return rng.choice((f"How does {lower_first(h)} work?", f"{lower_first(h)}", f"Tell me about {lower_first(h)}", f"Help with {lower_first(h)}"))
    return rng.choice((f"What is {h}?" if not h.endswith("s") else f"What are {h}?", h, f"Tell me about {lower_first(h)}", f"{h}?", f"What should I know about {lower_first(h)}?"))

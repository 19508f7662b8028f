"""Trains the byte-level BPE tokenizer and encodes the chat format.

    python tokenizer.py --data DATA --work WORK [--size 8192]
    python tokenizer.py --work WORK --from-gguf ../understudy-tiny/understudy-tiny.q8_0.gguf

The second takes the tokenizer of a model that training is to go on from.

Pre-tokenization is the one llama.cpp calls `smollm`: every digit stands alone, then the GPT-2 expression.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from leakage import open_text

PAD, END, SYSTEM, USER, ASSISTANT = range(5)
EVERYDAY = ("crosswoz/train.jsonl.xz", "kdconv/*.train.jsonl.xz", "chatterbot_corpus/*.jsonl", "taskmaster4/train.jsonl.xz", "banking77/train.jsonl")
SYMBOLS = "£ € $ ¥ % ° → © ™ £1 €1 $1 ¥1 1% 元 块 包邮 退货 退款 换货 保修 快递 发货 订单 运费 客服 优惠券 会员 refund warranty delivery shipping"
SPECIAL = ["<|pad|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]
TEMPLATE = (
    "{% for message in messages %}{{ '<|' + message['role'] + '|>\n' + message['content'] + '<|end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% endif %}"
)


def load(path: Path) -> Tokenizer:
    """Load tokenizer.json."""
    return Tokenizer.from_file(str(path))


def chat_ids(tokenizer: Tokenizer, messages: list[tuple[str, str]], answer: bool = True) -> list[int]:
    """Encode (role, content) messages; with `answer`, end with the generation prompt. Content never yields special ids."""
    newline = tokenizer.encode("\n").ids
    role_id = {"system": SYSTEM, "user": USER, "assistant": ASSISTANT}
    out: list[int] = []
    for role, content in messages:
        out += [role_id[role], *plain_ids(tokenizer, "\n" + content), END, *newline]
    return out + [ASSISTANT, *newline] if answer else out


def plain_ids(tokenizer: Tokenizer, text: str) -> list[int]:
    """Encode text; a special token's name written in the text is split so that it cannot act as one."""
    return tokenizer.encode(text.replace("<|", "< |")).ids


def everyday(data: Path) -> Iterator[str]:
    """Yield the strings of everyday dialogue sets, so that common words of shops and travel become tokens."""

    def strings(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for key, inner in value.items():
                if key in ("text", "utterance", "turns", "messages", "question", "answer", "response", "message"):
                    yield from strings(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from strings(inner)

    for pattern in EVERYDAY:
        for path in sorted(data.glob(pattern)):
            for line in open_text(path):
                yield " ".join(strings(json.loads(line)))


def common_han(data: Path, work: Path, count: int) -> list[str]:
    """Return the most frequent Han characters, so that each is one token whatever words the documents prefer."""
    seen: Counter[str] = Counter()
    for text in everyday(data):
        seen.update({c: 4 * n for c, n in Counter(text).items()})
    with (work / "prose.train.jsonl").open(encoding="utf-8") as stream:
        for line in stream:
            row = json.loads(line)
            if row["lang"] == "zh":
                seen.update(row["text"])
    return [c for c, _ in seen.most_common() if "\u3400" <= c <= "\u9fff"][:count]


def empty(model: models.BPE) -> Tokenizer:
    """Return a tokenizer around a model, with the pre-tokenization that all models here share."""
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def from_gguf(path: Path) -> Tokenizer:
    """Build the tokenizer that a GGUF file holds."""
    from container import read

    meta, _ = read(path)
    tokens, merges = meta["tokenizer.ggml.tokens"], meta["tokenizer.ggml.merges"]
    assert isinstance(tokens, list) and isinstance(merges, list)
    tokenizer = empty(models.BPE(vocab={token: i for i, token in enumerate(tokens)}, merges=[tuple(m.split(" ")) for m in merges]))
    tokenizer.add_special_tokens(SPECIAL)
    return tokenizer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--size", type=int, default=8192)
    parser.add_argument("--megabytes", type=float, default=7.0, help="text read a language")
    parser.add_argument("--from-gguf", type=Path, help="take the tokenizer of this file instead of training one")
    args = parser.parse_args()
    if args.from_gguf:
        from_gguf(args.from_gguf).save(str(args.work / "tokenizer.json"))
        return
    if not args.data:
        parser.error("--data or --from-gguf is needed")

    def texts() -> Iterator[str]:
        yield from everyday(args.data)
        yield from [SYMBOLS] * 400
        yield from ["，".join(common_han(args.data, args.work, 1900))] * 500
        left = {"en": args.megabytes * 1e6, "zh": args.megabytes * 1e6}
        for name in ("sections.train.jsonl", "prose.train.jsonl"):
            with (args.work / name).open(encoding="utf-8") as stream:
                for line in stream:
                    row = json.loads(line)
                    text = (row.get("heading", "") + "\n" + row["text"])[:4000]
                    share = 0.6 if name.startswith("sections") else 1.0
                    if left[row["lang"]] > (1 - share) * args.megabytes * 1e6:
                        left[row["lang"]] -= len(text.encode())
                        yield text

    tokenizer = empty(models.BPE())
    trainer = trainers.BpeTrainer(
        vocab_size=args.size, special_tokens=SPECIAL, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), max_token_length=24, show_progress=False
    )
    tokenizer.train_from_iterator(texts(), trainer)
    tokenizer.save(str(args.work / "tokenizer.json"))
    for sample in ("You can return the Lumo kettle within 30 days [1].", "您可以在30天内退货，运费为 £4.95 [1]。"):
        ids = tokenizer.encode(sample).ids
        print(len(ids), [tokenizer.decode([i]) for i in ids])


if __name__ == "__main__":
    main()

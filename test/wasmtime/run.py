"""Runs the kernel in wasmtime, without any JavaScript, and compares its tokens and the bits of its logits with golden-tokens.jsonl.

    pip install wasmtime                                    # https://pypi.org/project/wasmtime/
    node --import tsx test/wasmtime/export-images.ts /some/folder
    python3 test/wasmtime/run.py /some/folder dist/kernel

The plain build, the relaxed build as the machine computes it, and the relaxed build as the standard's deterministic profile fixes
it: each has to give the same. Ends with status 1 when one does not, 69 when wasmtime is not installed (the check counts as never run).
"""

import json
import struct
import sys
from importlib.metadata import version
from pathlib import Path

EXIT_UNAVAILABLE = 69

try:
    import wasmtime
except ImportError:
    print("The Python package wasmtime is not installed.", file=sys.stderr)
    sys.exit(EXIT_UNAVAILABLE)

PAGE = 65_536
MOST_PAGES = 65_536

# Name, file, relaxed SIMD, deterministic.
MODES = [
    ("plain", "understudy-kernel-plain.wasm", False, False),
    ("relaxed", "understudy-kernel-relaxed.wasm", True, False),
    ("relaxed, deterministic", "understudy-kernel-relaxed.wasm", True, True),
]


class Kernel:
    """One build over the memory of one model."""

    def __init__(self, engine: wasmtime.Engine, module: wasmtime.Module, image: bytes, model: int) -> None:
        self.store = wasmtime.Store(engine)
        limits = wasmtime.Limits(len(image) // PAGE, MOST_PAGES)
        self.memory = wasmtime.Memory(self.store, wasmtime.MemoryType(limits))
        # Instantiation writes the module's own constants; the image was made by the same kernel and has them, too.
        self.exports = wasmtime.Instance(self.store, module, [self.memory]).exports(self.store)
        self.memory.write(self.store, image, 0)
        self.way = self.call("attach", model, 1, 0)

    def call(self, name: str, *values: int) -> int:
        return self.exports[name](self.store, *values)

    def write_words(self, at: int, words: list[int]) -> None:
        self.memory.write(self.store, struct.pack(f"<{len(words)}I", *words), at)

    def read(self, at: int, length: int) -> bytes:
        return bytes(self.memory.read(self.store, at, at + length))


def digest(values: bytes) -> str:
    """FNV-1a, as golden-models.ts computes it."""
    state = 0x811C9DC5
    for byte in values:
        state = ((state ^ byte) * 0x01000193) & 0xFFFFFFFF
    return f"{state:08x}"


def best(singles: bytes) -> int:
    numbers = struct.unpack(f"<{len(singles) // 4}f", singles)
    return max(range(len(numbers)), key=lambda index: (numbers[index], -index))


def decode(kernel: Kernel, case: dict) -> tuple[list[int], str]:
    prompt, batch = case["prompt"], case["batch"]
    position = 0

    def forward(tokens: list[int], wants_logits: bool) -> None:
        nonlocal position
        kernel.write_words(case["tokensAt"], tokens)
        kernel.call("forward", len(tokens), position, 1 if wants_logits else 0)
        position += len(tokens)

    for at in range(0, len(prompt), batch):
        forward(prompt[at : at + batch], at + batch >= len(prompt))
    tokens: list[int] = []
    while True:
        logits = kernel.read(kernel.call("logitsAt"), 4 * case["vocabulary"])
        tokens.append(best(logits))
        if len(tokens) == len(case["tokens"]):
            return tokens, digest(logits)
        forward(tokens[-1:], True)


def encode(kernel: Kernel, case: dict) -> tuple[list[int], str]:
    kernel.write_words(case["tokensAt"], case["prompt"])
    kernel.call("encode", len(case["prompt"]))
    stride = (case["width"] + 7) // 8 * 32
    hidden = kernel.call("hiddenAt")
    states = [kernel.read(hidden + index * stride, 4 * case["width"]) for index in range(len(case["prompt"]))]
    return [best(state) for state in states], digest(b"".join(states))


def main(images: Path, builds: Path) -> int:
    cases = json.loads((images / "cases.json").read_text())
    failures = 0
    for name, file, is_relaxed, is_deterministic in MODES:
        config = wasmtime.Config()
        config.wasm_relaxed_simd = is_relaxed
        if is_relaxed:
            config.wasm_relaxed_simd_deterministic = is_deterministic
        engine = wasmtime.Engine(config)
        module = wasmtime.Module.from_file(engine, str(builds / file))
        ways = set()
        same = 0
        for case in cases:
            kernel = Kernel(engine, module, (images / case["file"]).read_bytes(), case["model"])
            ways.add(kernel.way)
            got = (encode if case["isEncoder"] else decode)(kernel, case)
            if got == (case["tokens"], case["digest"]):
                same += 1
            else:
                failures += 1
                print(f"{name}, {case['name']}: {got}, not {(case['tokens'], case['digest'])}")
        print(f"{name}: {same} of {len(cases)} models give the golden tokens and logits; ways {sorted(map(hex, ways))}")
    return 1 if failures > 0 or not cases else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        sys.exit(64)
    print(f"wasmtime {version('wasmtime')}")
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))

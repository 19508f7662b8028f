"""Writes and reads GGUF v3 files, without a library (format: the GGUF specification of the ggml project)."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from torch import Tensor

from blocks import BLOCK, BLOCK_BYTES, F32, NAMES, from_bytes, to_bytes

UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
FORMS = {UINT32: "<I", INT32: "<i", FLOAT32: "<f", BOOL: "<?"}
ALIGNMENT = 32


def text(value: str) -> bytes:
    raw = value.encode()
    return struct.pack("<Q", len(raw)) + raw


def field(key: str, kind: int, value: object, inner: int = STRING) -> bytes:
    """Encode one metadata pair."""

    def scalar(k: int, v: object) -> bytes:
        return text(str(v)) if k == STRING else struct.pack(FORMS[k], v)

    head = text(key) + struct.pack("<I", kind)
    if kind == ARRAY:
        assert isinstance(value, list)
        return head + struct.pack("<IQ", inner, len(value)) + b"".join(scalar(inner, v) for v in value)
    return head + scalar(kind, value)


def write(path: Path, pairs: list[bytes], tensors: Iterable[tuple[str, Tensor, int]]) -> None:
    """Write header, metadata, tensor table and aligned tensor data; a tensor comes with its name and the type it is stored in."""
    table, data, offset = [], [], 0
    for name, tensor, kind in tensors:
        raw = to_bytes(tensor, kind)
        # Dimensions are stored innermost first.
        table.append(text(name) + struct.pack(f"<I{tensor.dim()}QIQ", tensor.dim(), *reversed(tensor.shape), kind, offset))
        padding = -len(raw) % ALIGNMENT
        data.append(raw + b"\0" * padding)
        offset += len(raw) + padding
    head = b"GGUF" + struct.pack("<IQQ", 3, len(table), len(pairs)) + b"".join(pairs) + b"".join(table)
    path.write_bytes(head + b"\0" * (-len(head) % ALIGNMENT) + b"".join(data))


def read(path: Path) -> tuple[dict[str, object], dict[str, np.ndarray]]:
    """Read a file: metadata and float32 arrays. Ends when it holds what is not written here."""
    raw = path.read_bytes()
    at = 0

    def take(form: str) -> int | float | bool:
        nonlocal at
        value = struct.unpack_from(form, raw, at)[0]
        at += struct.calcsize(form)
        return value

    def string() -> str:
        nonlocal at
        length = int(take("<Q"))
        at += length
        return raw[at - length : at].decode()

    def value(key: str, kind: int) -> object:
        if kind == STRING:
            return string()
        if kind == ARRAY:
            inner, count = int(take("<I")), int(take("<Q"))
            return [value(key, inner) for _ in range(count)]
        if kind not in FORMS:
            raise SystemExit(f"{path.name}: the value of {key} has the type {kind}, which is not read here")
        return take(FORMS[kind])

    if raw[:8] != b"GGUF" + struct.pack("<I", 3):
        raise SystemExit(f"{path.name} is not a GGUF file of version 3")
    at = 8
    tensors, pairs = int(take("<Q")), int(take("<Q"))
    meta = {}
    for _ in range(pairs):
        key = string()
        meta[key] = value(key, int(take("<I")))
    table = []
    for _ in range(tensors):
        key = string()
        dims = tuple(int(take("<Q")) for _ in range(int(take("<I"))))[::-1]
        table.append((key, dims, int(take("<I")), int(take("<Q"))))
    base = at + (-at % ALIGNMENT)
    arrays = {}
    for key, dims, kind, offset in table:
        if kind not in NAMES:
            raise SystemExit(f"{path.name}: the tensor {key} has the type {kind}; read are {', '.join(f'{name} ({k})' for k, name in NAMES.items())}")
        size = math.prod(dims) * 4 if kind == F32 else math.prod(dims) // BLOCK * BLOCK_BYTES[kind]
        arrays[key] = from_bytes(np.frombuffer(raw, np.uint8, size, base + offset), kind, dims)
    return meta, arrays

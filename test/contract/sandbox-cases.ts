import type { JsonObject } from '../../src/contracts/json.ts';
import type { CodeRequest } from '../../src/contracts/sandbox.ts';

/** What one run of code must come to, in every place where a sandbox runs. */
export interface SandboxCase {
  readonly name: string;
  readonly runtime: CodeRequest['runtime'];
  readonly source: string;
  readonly inputs?: JsonObject;
  readonly limits?: CodeRequest['limits'];
  /** The result, or the code of the error. Several codes: any of them. */
  readonly gives?: unknown;
  readonly fails?: readonly string[];
}

const MEMORY = { memoryBytes: 16 * 1024 * 1024, timeoutMs: 15_000 };
const SHORT = { timeoutMs: 300 };

const JAVASCRIPT: readonly SandboxCase[] = [
  {
    name: 'calls main with the inputs',
    runtime: 'quickjs',
    source: 'function main({ a, b }) { return { sum: a + b }; }',
    inputs: { a: 1, b: 2 },
    gives: { sum: 3 },
  },
  {
    name: 'waits for a promise',
    runtime: 'quickjs',
    source: 'const main = async ({ a }) => ({ a: await Promise.resolve(a) });',
    inputs: { a: '中' },
    gives: { a: '中' },
  },
  {
    name: 'while (true)',
    runtime: 'quickjs',
    source: 'function main() { while (true); }',
    limits: SHORT,
    fails: ['sandbox/timeout'],
  },
  {
    name: 'a memory bomb',
    runtime: 'quickjs',
    source: 'function main() { const a = []; while (true) a.push({ a }); }',
    limits: MEMORY,
    fails: ['sandbox/out-of-memory'],
  },
  {
    name: 'a recursion bomb',
    runtime: 'quickjs',
    source: 'function main() { return main(); }',
    fails: ['sandbox/failed'],
  },
  {
    name: 'eval and Function see no more than the code',
    runtime: 'quickjs',
    source:
      'function main() { return { seen: [eval("typeof fetch"), new Function("return typeof process")(), typeof globalThis.postMessage, typeof require] }; }',
    gives: { seen: ['undefined', 'undefined', 'undefined', 'undefined'] },
  },
  {
    name: 'the constructor of everything',
    runtime: 'quickjs',
    source:
      'function main() { return { keys: Object.keys([].constructor.constructor("return this")()).filter((key) => key !== "main" && key !== "console") }; }',
    gives: { keys: [] },
  },
  {
    name: 'pollution of the prototype of inputs',
    runtime: 'quickjs',
    source:
      'function main(inputs) { inputs.__proto__.polluted = 1; Object.prototype.polluted = 1; return { own: Object.keys(inputs) }; }',
    inputs: { a: 1 },
    gives: { own: ['a'] },
  },
  {
    name: 'a result that replaces JSON',
    runtime: 'quickjs',
    source: 'JSON.stringify = () => "1"; JSON.parse = () => 2; function main(inputs) { return inputs; }',
    inputs: { a: 1 },
    gives: { a: 1 },
  },
  {
    name: 'printing 10 MB',
    runtime: 'quickjs',
    source:
      'function main() { const line = "x".repeat(1000); for (let i = 0; i < 10000; i += 1) console.log(line); return { ok: true }; }',
    gives: { ok: true },
  },
  {
    name: 'import()',
    runtime: 'quickjs',
    source: 'function main() { return import("https://example.com/x.js"); }',
    fails: ['sandbox/failed'],
  },
  {
    name: 'require',
    runtime: 'quickjs',
    source: 'const fs = require("fs"); function main() { return {}; }',
    fails: ['sandbox/unsupported'],
  },
  { name: 'a syntax error', runtime: 'quickjs', source: 'function main(', fails: ['sandbox/failed'] },
  { name: 'no main', runtime: 'quickjs', source: 'const x = 1;', fails: ['sandbox/failed'] },
  {
    name: 'a promise that never ends',
    runtime: 'quickjs',
    source: 'function main() { return new Promise(() => {}); }',
    fails: ['sandbox/failed'],
  },
];

const MICROPYTHON: readonly SandboxCase[] = [
  {
    name: 'calls main with the inputs by name',
    runtime: 'micropython',
    source: 'def main(a, b):\n    return {"sum": a + b}',
    inputs: { a: 1, b: 2 },
    gives: { sum: 3 },
  },
  {
    name: 'keeps the order of keys',
    runtime: 'micropython',
    source:
      'import json\ndef main(a):\n    d = {"z": 1, "a": 2, "m": 3}\n    d["b"] = 4\n    return {"keys": list(d), "inputs": list(a), "text": json.dumps(d)}',
    inputs: { a: { z: 1, y: 2, x: 3 } },
    gives: { keys: ['z', 'a', 'm', 'b'], inputs: ['z', 'y', 'x'], text: '{"z": 1, "a": 2, "m": 3, "b": 4}' },
  },
  {
    name: 'knows texts beyond ASCII',
    runtime: 'micropython',
    source:
      'def main(a):\n    return {"lower": a.lower(), "back": a[::-1], "shown": str([a]), "words": "\u3000x y\u3000".split(), "title": "élan vital".title()}',
    inputs: { a: 'ÄB 中' },
    gives: { lower: 'äb 中', back: '中 BÄ', shown: "['ÄB 中']", words: ['x', 'y'], title: 'Élan Vital' },
  },
  {
    name: 'sorts the same ones in their order',
    runtime: 'micropython',
    source:
      'def main():\n    rows = [("b", 1), ("a", 1), ("c", 0)]\n    return {"order": [n for n, _ in sorted(rows, key=lambda r: r[1])]}',
    gives: { order: ['c', 'b', 'a'] },
  },
  {
    name: 'has regular expressions',
    runtime: 'micropython',
    source:
      'import re\ndef main(a):\n    return {"all": re.findall(r"(?P<y>\\d{4})-(\\d\\d)", a), "sub": re.sub(r"(\\w+)@(\\w+)", r"\\2 at \\1", "ann@shop"), "split": re.split(r"[,;]\\s*", "a, b;c"), "named": re.search(r"(?P<year>\\d+)", a).group("year")}',
    inputs: { a: 'on 2024-05 and 2025-06' },
    gives: {
      all: [
        ['2024', '05'],
        ['2025', '06'],
      ],
      sub: 'shop at ann',
      split: ['a', 'b', 'c'],
      named: '2024',
    },
  },
  {
    name: 'tells what is wrong with JSON as CPython does',
    runtime: 'micropython',
    source:
      'import json\ndef main():\n    try:\n        json.loads("[1 2]")\n    except json.JSONDecodeError as e:\n        return {"error": str(e)}',
    gives: { error: "Expecting ',' delimiter: line 1 column 4 (char 3)" },
  },
  {
    name: 'formats dates',
    runtime: 'micropython',
    source:
      'from datetime import datetime, timedelta\ndef main():\n    d = datetime.strptime("2024-02-28", "%Y-%m-%d") + timedelta(days=2)\n    return {"day": d.strftime("%d %b %Y, %A")}',
    gives: { day: '01 Mar 2024, Friday' },
  },
  {
    name: 'import js',
    runtime: 'micropython',
    source: 'import js\ndef main():\n    return {"names": [n for n in dir(js) if n[0] != "_"]}',
    gives: { names: [] },
  },
  {
    name: 'js.fetch',
    runtime: 'micropython',
    source: 'import js\ndef main():\n    return js.fetch("https://example.com")',
    fails: ['sandbox/failed'],
  },
  {
    name: "__import__('js')",
    runtime: 'micropython',
    source:
      'def main():\n    return {"has": hasattr(__import__("js"), "globalThis") or hasattr(__import__("js"), "fetch")}',
    gives: { has: false },
  },
  {
    name: 'jsffi',
    runtime: 'micropython',
    source: 'import jsffi\ndef main():\n    return {"proxy": repr(jsffi.create_proxy(print))}',
    fails: ['sandbox/failed'],
  },
  {
    name: 'the functions of the host',
    runtime: 'micropython',
    source:
      'import _host\ndef main():\n    return {"way": hasattr(_host.lower, "constructor") or hasattr(_host, "constructor") or hasattr(_host, "__proto__")}',
    gives: { way: false },
  },
  {
    name: 'eval and exec see no more than the code',
    runtime: 'micropython',
    source:
      'def main():\n    space = {}\n    exec("import js\\nfound = hasattr(js, \'fetch\')", space)\n    return {"found": space["found"], "sum": eval("1 + 1")}',
    gives: { found: false, sum: 2 },
  },
  {
    name: 'while True',
    runtime: 'micropython',
    source: 'def main():\n    while True:\n        pass',
    limits: SHORT,
    fails: ['sandbox/timeout'],
  },
  {
    name: 'one operation that never ends',
    runtime: 'micropython',
    source: 'def main():\n    return {"n": len(str(9 ** 9 ** 9))}',
    limits: SHORT,
    fails: ['sandbox/timeout', 'sandbox/out-of-memory'],
  },
  {
    name: 'a regular expression that never ends',
    runtime: 'micropython',
    source: 'import re\ndef main():\n    return {"m": re.match(r"(a+)+$", "a" * 60 + "b") is None}',
    limits: SHORT,
    fails: ['sandbox/timeout'],
  },
  {
    name: 'a memory bomb',
    runtime: 'micropython',
    source: 'def main():\n    a = []\n    while True:\n        a.append("x" * 100000)',
    limits: MEMORY,
    fails: ['sandbox/out-of-memory'],
  },
  {
    name: 'a recursion bomb',
    runtime: 'micropython',
    source: 'def main():\n    return main()',
    fails: ['sandbox/failed'],
  },
  {
    name: 'printing 10 MB',
    runtime: 'micropython',
    source: 'def main():\n    for i in range(10000):\n        print("x" * 1000)\n    return {"ok": True}',
    limits: { timeoutMs: 60_000 },
    gives: { ok: true },
  },
  {
    name: 'files',
    runtime: 'micropython',
    source: 'def main():\n    return open("/etc/passwd").read()',
    fails: ['sandbox/failed'],
  },
  {
    name: 'a package',
    runtime: 'micropython',
    source: 'import requests\ndef main():\n    return {}',
    fails: ['sandbox/unsupported'],
  },
  {
    name: 'pollution by the names of inputs',
    runtime: 'micropython',
    source: 'def main(**inputs):\n    return {"names": sorted(inputs)}',
    inputs: JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}') as JsonObject,
    gives: { names: ['__proto__', 'constructor'] },
  },
  {
    name: 'nothing left over from the run before',
    runtime: 'micropython',
    source:
      'import builtins\ndef main():\n    seen = hasattr(builtins, "left")\n    builtins.left = 1\n    return {"seen": seen}',
    gives: { seen: false },
  },
];

const PYODIDE: readonly SandboxCase[] = [
  {
    name: 'calls main with the inputs by name',
    runtime: 'pyodide',
    source:
      'import unicodedata, statistics\ndef main(a):\n    match a:\n        case [x, *rest]:\n            return {"name": unicodedata.name(x), "mean": statistics.mean([1, 2, 3])}',
    inputs: { a: ['中', 1] },
    gives: { name: 'CJK UNIFIED IDEOGRAPH-4E2D', mean: 2 },
  },
  {
    name: 'import js',
    runtime: 'pyodide',
    source: 'import js\ndef main():\n    return {}',
    fails: ['sandbox/unsupported'],
  },
  {
    name: 'import pyodide_js',
    runtime: 'pyodide',
    source: 'import pyodide_js\ndef main():\n    return {}',
    fails: ['sandbox/unsupported'],
  },
  {
    name: 'pyodide.http',
    runtime: 'pyodide',
    source: 'from pyodide.http import open_url\ndef main():\n    return {}',
    fails: ['sandbox/unsupported'],
  },
  {
    name: 'pyodide.code.run_js',
    runtime: 'pyodide',
    source: 'from pyodide.code import run_js\ndef main():\n    return {"r": str(run_js("1"))}',
    fails: ['sandbox/unsupported'],
  },
  {
    name: "__import__('js') without our finder",
    runtime: 'pyodide',
    source:
      'import sys\ndef main():\n    kept = sys.meta_path[0]\n    del sys.meta_path[0]\n    try:\n        return {"js": str(__import__("js"))}\n    finally:\n        sys.meta_path.insert(0, kept)',
    fails: ['sandbox/unsupported'],
  },
  {
    name: 'the socket beneath the socket',
    runtime: 'pyodide',
    source:
      'import _imp, importlib.machinery\ndef main():\n    raw = _imp.create_builtin(importlib.machinery.ModuleSpec("_socket", None))\n    _imp.exec_builtin(raw)\n    s = raw.socket(raw.AF_INET, raw.SOCK_STREAM)\n    s.connect(("127.0.0.1", 9))\n    s.send(b"x")\n    return {"sent": True}',
    fails: ['sandbox/failed'],
  },
  {
    name: 'JavaScript by way of an object that was left',
    runtime: 'pyodide',
    source:
      'def main():\n    found = []\n    for c in object.__subclasses__():\n        if c.__name__ == "JsProxy":\n            try:\n                found.append(str(c.new))\n            except Exception:\n                pass\n    return {"made": [f for f in found if "fetch" in f]}',
    gives: { made: [] },
  },
  {
    name: 'urllib.request',
    runtime: 'pyodide',
    source:
      'import urllib.request\ndef main():\n    return {"b": str(urllib.request.urlopen("https://example.com").read())}',
    fails: ['sandbox/unsupported', 'sandbox/failed'],
  },
  {
    name: 'subprocess',
    runtime: 'pyodide',
    source: 'import subprocess\ndef main():\n    return {}',
    fails: ['sandbox/unsupported'],
  },
  {
    name: 'files of the host',
    runtime: 'pyodide',
    source: 'def main():\n    return {"t": open("/etc/passwd").read()}',
    fails: ['sandbox/failed'],
  },
  {
    name: 'a recursion bomb',
    runtime: 'pyodide',
    source: 'def main():\n    return main()',
    fails: ['sandbox/failed'],
  },
  {
    name: 'a memory bomb',
    runtime: 'pyodide',
    source: 'def main():\n    a = []\n    while True:\n        a.append("x" * 1000000)',
    limits: { memoryBytes: 32 * 1024 * 1024, timeoutMs: 20_000 },
    fails: ['sandbox/out-of-memory'],
  },
  {
    name: 'printing 10 MB',
    runtime: 'pyodide',
    source: 'def main():\n    for i in range(10000):\n        print("x" * 1000)\n    return {"ok": True}',
    limits: { timeoutMs: 20_000 },
    gives: { ok: true },
  },
  {
    name: 'eval',
    runtime: 'pyodide',
    source: 'def main():\n    return {"r": eval("1 + 1")}',
    gives: { r: 2 },
  },
  {
    name: 'while True',
    runtime: 'pyodide',
    source: 'def main():\n    while True:\n        pass',
    limits: SHORT,
    fails: ['sandbox/timeout'],
  },
];

/** What code may do and what it may not; attacks are named after themselves. */
export const SANDBOX_CASES: readonly SandboxCase[] = [...JAVASCRIPT, ...MICROPYTHON, ...PYODIDE];

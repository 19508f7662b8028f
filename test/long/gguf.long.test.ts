/**
 * Reads 100 000 damaged headers, whole and in pieces, and builds tokenizer and chat format of those that are read: each step gives a
 * result or refuses with `engine/model-invalid`, in bounded time and memory. What models themselves do is `model-file.long.test.ts`.
 * About a minute; `node --import tsx --test test/long/gguf.long.test.ts`, with UNDERSTUDY_MUTATIONS for another number and
 * UNDERSTUDY_SEED for another beginning.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import { openGguf } from '../../src/kernel/gguf/gguf-file.ts';
import type { GgufHeader } from '../../src/kernel/gguf/read-gguf.ts';
import { GgufHeaderReader } from '../../src/kernel/gguf/read-gguf.ts';
import type { WrittenValue } from '../../src/kernel/gguf/write-gguf.ts';
import { writeGguf } from '../../src/kernel/gguf/write-gguf.ts';
import { createChatTemplate } from '../../src/kernel/tokenizer/chat-template.ts';
import { createTokenizer } from '../../src/kernel/tokenizer/create-tokenizer.ts';
import { mutateBytes } from '../fixtures/mutate-bytes.ts';
import type { Random } from '../fixtures/quantized-rows.ts';
import { seededRandom } from '../fixtures/quantized-rows.ts';
import { randomModel } from '../fixtures/random-model.ts';
import { tinyLlama } from '../fixtures/tiny-llama.ts';

const COUNT = Number(process.env['UNDERSTUDY_MUTATIONS'] ?? 100_000);
const SEED = Number(process.env['UNDERSTUDY_SEED'] ?? 1);
/** Far above what reading such a file takes, far below a hang. */
const LONGEST_MS = 5000;
/** The files have some ten kilobytes each: a length that was believed would show. */
const MOST_MEMORY_KIB = 2 ** 20;
const TEXT = 'Größe 12,5 中文 <|end|> <s> naïve’s\n\n  x';

/** A vocabulary with scores and bytes, as SentencePiece writes it. */
function sentencePieceFile(): Uint8Array<ArrayBuffer> {
  const bytes = Array.from(
    { length: 256 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
  );
  const texts = ['<unk>', '<s>', '</s>', ...bytes, '▁', 'x', 'e', 'n', '▁n', 'na', '▁na', '12', '中'];
  const typeOf = (id: number): number => (id === 0 ? 2 : id < 3 ? 3 : id < 259 ? 6 : 1);
  const values: (readonly [string, WrittenValue])[] = [
    ['tokenizer.ggml.model', 'llama'],
    ['tokenizer.ggml.tokens', { strings: texts }],
    ['tokenizer.ggml.scores', { f32s: texts.map((_, id) => -id) }],
    ['tokenizer.ggml.token_type', { i32s: texts.map((_, id) => typeOf(id)) }],
    ['tokenizer.ggml.add_space_prefix', true],
    ['nested', { i32s: [1, 2, 3] }],
  ];
  return writeGguf(values, []);
}

const small = {
  layers: 1,
  width: 32,
  heads: 2,
  keyHeads: 1,
  feedForward: 32,
  vocabulary: 300,
  contextTokens: 64,
};
const FILES: readonly Uint8Array[] = [
  tinyLlama(small),
  sentencePieceFile(),
  randomModel({ ...small, architecture: 'bert', type: 'Q8_0' }),
  randomModel({ ...small, architecture: 'qwen2', type: 'Q4_0' }),
];

/** Gives null for the one refusal that is promised; whatever else is thrown is a mistake of ours. */
function orRefuse<Result>(read: () => Result): Result | null {
  try {
    return read();
  } catch (error) {
    if (!isUnderstudyError(error, 'engine/model-invalid')) throw error;
    return null;
  }
}

/** Reads a header as it arrives; null when it was refused or never whole. */
function readInPieces(file: Uint8Array, random: Random): GgufHeader | null {
  const reader = new GgufHeaderReader(file.length);
  const piece = 1 + Math.floor(random() * file.length);
  for (let end = piece; ; end += piece) {
    const header = reader.read(file.subarray(0, end));
    if (header !== null || end >= file.length) return header;
  }
}

/** How far a file comes. */
type Outcome = 'refused' | 'header' | 'tokenizer' | 'format';

function readAll(file: Uint8Array, random: Random): Outcome {
  const opened = orRefuse(() => openGguf(file));
  const pieces = orRefuse(() => readInPieces(file, random));
  if (opened === null) return 'refused';
  assert.deepEqual([...(pieces?.tensors.keys() ?? [])], [...opened.tensors.keys()], 'in pieces as whole');
  const { metadata } = opened;
  for (const tensor of opened.tensors.values()) {
    assert.equal(opened.bytesOf(tensor).length, tensor.sizeBytes);
  }
  orRefuse(() => {
    for (const key of metadata.keys()) metadata.value(key);
  });
  const tokenizer = orRefuse(() => createTokenizer(metadata));
  if (tokenizer === null) return 'header';
  for (const token of tokenizer.encode(TEXT, { special: true, frame: true })) {
    assert.ok(Number.isInteger(token) && token >= 0 && token < tokenizer.vocabularySize, `token ${token}`);
    tokenizer.decode([token]);
  }
  const tokens = orRefuse(() =>
    createChatTemplate(metadata, tokenizer).encode([{ role: 'user', content: TEXT }]),
  );
  return tokens === null ? 'tokenizer' : 'format';
}

test(`${COUNT} damaged headers are refused with a code, or read, in bounded time and memory`, () => {
  const random = seededRandom(SEED);
  const outcomes = new Map<Outcome, number>();
  const fronts = FILES.map((file) => openGguf(file).headerBytes);
  let longestMs = 0;
  for (let index = 0; index < COUNT; index += 1) {
    const chosen = index % FILES.length;
    const damaged = mutateBytes(FILES[chosen] ?? new Uint8Array(), fronts[chosen] ?? 0, random);
    const startMs = performance.now();
    let outcome: Outcome;
    try {
      outcome = readAll(damaged, random);
    } catch (cause) {
      throw new Error(`File ${index} of seed ${SEED}`, { cause });
    }
    const tookMs = performance.now() - startMs;
    longestMs = Math.max(longestMs, tookMs);
    assert.ok(tookMs < LONGEST_MS, `file ${index} of seed ${SEED} took ${tookMs.toFixed(0)} ms`);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  const memoryKib = process.resourceUsage().maxRSS;
  console.log(
    Object.fromEntries(outcomes),
    `longest ${longestMs.toFixed(0)} ms, process ${(memoryKib / 1024).toFixed(0)} MiB at most`,
  );
  assert.ok(memoryKib < MOST_MEMORY_KIB, `${memoryKib} KiB`);
  // All happen, or nothing was tested.
  for (const outcome of ['refused', 'header', 'tokenizer', 'format'] as const) {
    assert.ok((outcomes.get(outcome) ?? 0) >= Math.min(1, COUNT / 10_000), outcome);
  }
});

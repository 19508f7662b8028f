import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isRecord } from '../../src/contracts/json.ts';
import { DIFY_DOCUMENT, proveEvents, proveExamples, proveReplies, proveRequests } from './dify-openapi.ts';
import { OpenApiSchemas } from './openapi-schema.ts';

// Proves that the lead's parsers accept what Dify's OpenAPI document allows, and that what the lead sends satisfies it.
// Usage: tsx test/convert/prove-openapi.ts --data FOLDER [--seed NUMBER] [--rounds NUMBER]

const { values } = parseArgs({
  options: { data: { type: 'string' }, seed: { type: 'string' }, rounds: { type: 'string' } },
});
const document = values.data === undefined ? null : readDocument(join(values.data, DIFY_DOCUMENT));
if (document === null) {
  console.log('never-run: no OpenAPI document there; name the folder of the Dify data with --data FOLDER');
} else {
  const seed = Number(values.seed ?? 1);
  const rounds = Number(values.rounds ?? 200);
  const schemas = new OpenApiSchemas(document, randomFrom(seed));
  const checks = [
    ['events', () => proveEvents(schemas, rounds)],
    ['replies', () => proveReplies(schemas, rounds)],
    ['examples', () => proveExamples(schemas)],
    ['requests', () => proveRequests(schemas)],
  ] as const;
  for (const [name, prove] of checks) {
    const { count, findings } = await prove();
    console.log(`${findings.length === 0 ? 'pass' : 'fail'}  ${name}  ${String(count)} checked`);
    for (const finding of new Set(findings)) console.log(`      ${finding}`);
    if (findings.length > 0 || count === 0) process.exitCode = 1;
  }
}

function readDocument(path: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isRecord(value) ? value : null;
  } catch {
    // Not there: the data is not part of the repository.
    return null;
  }
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

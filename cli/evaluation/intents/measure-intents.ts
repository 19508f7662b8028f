import { performance } from 'node:perf_hooks';
import { gzipSync } from 'node:zlib';
import type { Encoder } from '../../../src/contracts/encoder.ts';
import { NONE_INTENT } from '../../../src/contracts/intent.ts';
import { parseIntentModel } from '../../../src/intent/intent-model.ts';
import { joinMessageSense } from '../../../src/intent/message-sense.ts';
import type { MessageScores } from '../../../src/intent/message-scores.ts';
import { createIntentScorer, rankIntents } from '../../../src/intent/score-model.ts';
import { trainIntentModel } from '../../../src/intent/train-intents.ts';
import type { Confusion, IntentAdvice } from './advise-intents.ts';
import { percentile } from '../share.ts';
import { adviseIntents, findConfusions } from './advise-intents.ts';
import type { LabeledMessage } from './labeled-messages.ts';
import type { IntentPrediction, IntentScores } from './score-intents.ts';
import { scoreIntents } from './score-intents.ts';

/** A test of intents: what was trained, how large and fast it is, how right, and what would help. */
export interface IntentReport {
  readonly train: { readonly messages: number; readonly intents: number; readonly outOfScope: number };
  readonly trainSeconds: number;
  readonly modelBytes: number;
  readonly modelGzipBytes: number;
  readonly threshold: number;
  /** Share of the encoder's vectors beside the words, in [0, 1]. */
  readonly vectorsShare: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly scores: IntentScores;
  readonly confusions: readonly Confusion[];
  readonly advice: readonly IntentAdvice[];
  readonly predictions: readonly IntentPrediction[];
}

/** Options of {@link measureIntents}. */
export interface MeasureIntentsOptions {
  /** Whether the training learns from messages out of scope. Default true. */
  readonly withOutOfScope?: boolean;
  /** Makes vectors of the messages, beside their words. Default: none. */
  readonly encoder?: Pick<Encoder, 'width' | 'encode'> | null;
}

/** Trains a model as `understudy build` does, writes and reads it as a bundle does, and sorts the messages of the test with it. */
export function measureIntents(
  train: readonly LabeledMessage[],
  test: readonly LabeledMessage[],
  options: MeasureIntentsOptions = {},
): IntentReport {
  const { withOutOfScope = true, encoder = null } = options;
  const byIntent = new Map<string, string[]>();
  const none: string[] = [];
  for (const { text, label } of train) {
    if (label === NONE_INTENT) {
      if (withOutOfScope) none.push(text);
      continue;
    }
    const examples = byIntent.get(label);
    if (examples === undefined) byIntent.set(label, [text]);
    else examples.push(text);
  }
  const intents = [...byIntent].map(([id, examples]) => ({ id, name: id, examples }));
  const began = performance.now();
  const { bytes, sense: senseBytes, heldOut } = trainIntentModel({ intents, none }, { encoder });
  const trainSeconds = (performance.now() - began) / 1000;
  const model = parseIntentModel(bytes);
  const byWords = createIntentScorer(model);
  const sense = senseBytes === null || encoder === null ? null : joinMessageSense(encoder, senseBytes, bytes);
  const rule = sense?.rule ?? model;
  const score = (text: string): MessageScores => {
    const words = byWords(text);
    return sense?.score(text, words) ?? words;
  };
  const whole = Buffer.concat([bytes, senseBytes ?? new Uint8Array()]);
  const times: number[] = [];
  const predictions = test.map(({ text, label }): IntentPrediction => {
    const start = performance.now();
    const scores = score(text);
    times.push(performance.now() - start);
    return { text, label, ...rankIntents(rule, scores) };
  });
  const counts = new Map([...byIntent].map(([id, examples]) => [id, new Set(examples).size]));
  return {
    train: { messages: train.length, intents: byIntent.size, outOfScope: none.length },
    trainSeconds,
    modelBytes: whole.length,
    modelGzipBytes: gzipSync(whole, { level: 9 }).length,
    threshold: rule.threshold,
    vectorsShare: sense?.share ?? 0,
    p50Ms: percentile(times, 0.5),
    p95Ms: percentile(times, 0.95),
    scores: scoreIntents(predictions),
    confusions: findConfusions(predictions),
    advice: adviseIntents(
      predictions,
      heldOut.map(({ text, label, scores }) => ({ text, label, ...rankIntents(rule, scores) })),
      counts,
    ),
    predictions,
  };
}

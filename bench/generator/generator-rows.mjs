import { TRANSFORMERS } from '../decode/contenders.mjs';
import { row } from '../rows.mjs';

/** What the default model ought to reach on one thread. */
const GOALS = { firstTokenMs: 1200, tokensPerSecond: 150, megabytes: 120 };

/**
 * Rows of the default model, ours beside Transformers.js.
 *
 * @param {import('../decode/samples.mjs').Samples} samples
 * @param {{promptTokens: number, decodeTokens: number}} effort
 * @param {boolean} hasOurs
 * @returns {import('../rows.mjs').Row[]}
 */
export function generatorRows(samples, { promptTokens, decodeTokens }, hasOurs) {
  const line = (metric, unit, figure, more = {}) =>
    row({
      metric,
      unit,
      ours: hasOurs ? samples.middle('ours', figure) : 'not built',
      peers: { [TRANSFORMERS]: samples.middle(TRANSFORMERS, figure) },
      note: `rounds: ${samples.ranges(['ours', TRANSFORMERS], figure)}`,
      ...more,
    });
  return [
    line(`first token behind a prompt of ${promptTokens}`, 'ms', 'promptMs', { goal: GOALS.firstTokenMs }),
    line(`decode, ${decodeTokens} tokens behind it`, 'tokens/s', 'decode', {
      better: 'more',
      least: GOALS.tokensPerSecond,
    }),
    line('memory of WebAssembly', 'MB', 'memoryMegabytes', { goal: GOALS.megabytes }),
    line('bytes in memory to first token of a short prompt', 'ms', 'firstMs'),
    line('load', 'ms', 'loadMs'),
    line('memory, peak of the process', 'MB', 'peakMegabytes'),
  ];
}

import { row } from '../rows.mjs';
import { NATIVE, TRANSFORMERS, WLLAMA } from './contenders.mjs';

/** From bytes in memory to the first token, of the small shape. */
const FIRST_GOAL_MS = 150;
/** Ours under other settings: least ratio of what is asked for to what it is compared with. */
const OWN_GOALS = [
  ['ours, one thread', 1.6],
  ['ours, Chromium', 0.75],
  ['ours, relaxed SIMD', 0.45],
];

/**
 * Rows of one shape.
 *
 * @param {string} shape
 * @param {{samples: import('./samples.mjs').Samples, effort: import('./contenders.mjs').Effort, threads: number, hasOurs: boolean,
 *   isInstalled: Record<string, boolean>, isGoalMeant: boolean}} measured
 *   Goals hold for one thread, relaxed SIMD and Chromium: `isGoalMeant` says whether that was measured.
 * @returns {import('../rows.mjs').Row[]}
 */
export function decodeRows(shape, { samples, effort, threads, hasOurs, isInstalled, isGoalMeant }) {
  const what = `${shape} ${effort.type}, ${threads === 1 ? 'one thread' : `${threads} threads`}`;
  const browserPeers = effort.hasTwin ? [WLLAMA, TRANSFORMERS] : [WLLAMA];
  const ours = (figure) => (hasOurs ? samples.middle('ours', figure) : 'not built');
  const beside = (names, figure) =>
    Object.fromEntries(
      names.map((name) => [
        name,
        isInstalled[name] === false ? 'not installed' : samples.middle(name, figure),
      ]),
    );
  const line = (metric, unit, figure, names, more) =>
    row({
      metric: `${what}: ${metric}`,
      unit,
      ours: ours(figure),
      peers: beside(names, figure),
      note: `rounds: ${samples.ranges(['ours', ...names], figure)}`,
      ...more,
    });
  const goal = (least) => (isGoalMeant ? { goal: least } : {});
  const speed = { better: 'more' };
  return [
    line('decode', 'tokens/s', 'decode', browserPeers, { ...speed, ...goal(effort.goals.peer) }),
    line('decode beside native', 'tokens/s', 'decode', [NATIVE], { ...speed, ...goal(effort.goals.native) }),
    line(`prefill of ${effort.promptTokens}`, 'tokens/s', 'prefill', browserPeers, {
      ...speed,
      ...goal(effort.goals.prefill),
    }),
    line(`prefill of ${effort.promptTokens} beside native`, 'tokens/s', 'prefill', [NATIVE], speed),
    ...OWN_GOALS.filter(([name]) => samples.has(name)).map(([name, least]) =>
      line(`decode, ${name.replace('ours, ', 'beside ')}`, 'tokens/s', 'decode', [name], {
        ...speed,
        ...(name === 'ours, relaxed SIMD' && shape !== 's30' ? {} : { goal: least }),
      }),
    ),
    line('bytes in memory to first token', 'ms', 'firstMs', browserPeers, {
      ...(shape === 's30' && isGoalMeant ? { goal: FIRST_GOAL_MS } : {}),
    }),
    line('load', 'ms', 'loadMs', browserPeers, {}),
    line('memory of WebAssembly', 'MB', 'memoryMegabytes', browserPeers, {}),
    line('memory, peak of the process', 'MB', 'peakMegabytes', browserPeers, {}),
  ];
}

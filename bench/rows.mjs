/**
 * One line of a benchmark's outcome. Figures are better when they are smaller, but for rows with `better: 'more'`.
 *
 * @typedef {object} Row
 * @property {string} metric
 * @property {string} unit
 * @property {number | string | null} ours A word instead of a number says why there is none.
 * @property {Record<string, number | string | null>} peers
 * @property {number | null} ratio Ours divided by the best peer's; null when it cannot be told.
 * @property {number | null} goal The most that ours may be, with `better: 'more'` the least that the ratio may be; null for
 *   figures without one. With `least` it is the least that ours may be.
 * @property {boolean | null} met Whether the goal is met; null without a goal or figure.
 * @property {'more'} [better] Greater is better (tokens per second), and a goal is one for the ratio.
 * @property {true} [isFloor] The goal is the least that ours may be, not the ratio.
 * @property {string} [note]
 */

/** Column of the same page without any chat: what the browser and the machine cost by themselves. */
export const NO_CHAT = 'no chat';

/**
 * Completes a row.
 *
 * @param {{metric: string, unit: string, ours: number | string | null, peers?: Record<string, number | string | null>, goal?: number, least?: number, better?: 'more', note?: string}} given
 *   Numbers are rounded to what can be told apart. A peer named {@link NO_CHAT} is no rival and not in the ratio.
 * @returns {Row}
 */
export function row(given) {
  const { metric, unit, note, better } = given;
  const ours = tidy(given.ours);
  const peers = Object.fromEntries(
    Object.entries(given.peers ?? {}).map(([name, value]) => [name, tidy(value)]),
  );
  const goal = given.least ?? given.goal ?? null;
  const rivals = Object.entries(peers).filter(
    ([name, value]) => name !== NO_CHAT && typeof value === 'number',
  );
  const best = (better === 'more' ? Math.max : Math.min)(...rivals.map(([, value]) => value));
  const isComparable = typeof ours === 'number' && Number.isFinite(best) && best > 0;
  const hasFloor = given.least !== undefined;
  const isRatio = better === 'more' && !hasFloor;
  const isMet = () => (hasFloor ? given.ours >= goal : isRatio ? ours / best >= goal : ours <= goal);
  const isKnown = isRatio ? isComparable : typeof ours === 'number';
  return {
    metric,
    unit,
    ours,
    peers,
    ratio: isComparable ? Number((ours / best).toPrecision(2)) : null,
    goal,
    met: goal === null || !isKnown ? null : isMet(),
    ...(better === undefined ? {} : { better }),
    ...(hasFloor ? { isFloor: true } : {}),
    ...(note === undefined ? {} : { note }),
  };
}

/** Three digits after the point below 1, one below 100, none above. */
function tidy(value) {
  if (typeof value !== 'number') return value ?? null;
  const size = Math.abs(value);
  return Number(value.toFixed(size < 1 ? 3 : size < 100 ? 1 : 0));
}

const show = (value) => (typeof value === 'number' ? value.toLocaleString('en-US') : (value ?? '–'));
const MET = new Map([
  [true, 'yes'],
  [false, 'NO'],
  [null, ''],
]);

/**
 * Prints rows as a Markdown table, which is also how docs/benchmarks.md shows them.
 *
 * @param {readonly Row[]} rows
 * @returns {string}
 */
export function formatRows(rows) {
  const names = [...new Set(rows.flatMap(({ peers }) => Object.keys(peers)))];
  const lines = [
    ['metric', 'unit', 'ours', ...names, 'ratio', 'goal', 'met'],
    ...rows.map((line) => [
      line.note === undefined ? line.metric : `${line.metric} (${rows.indexOf(line) + 1})`,
      line.unit,
      show(line.ours),
      ...names.map((name) => (name in line.peers ? show(line.peers[name]) : '')),
      line.ratio === null ? '' : show(line.ratio),
      line.goal === null
        ? ''
        : line.better === 'more'
          ? `${line.isFloor ? '' : 'ratio '}≥ ${show(line.goal)}`
          : `≤ ${show(line.goal)}`,
      MET.get(line.met),
    ]),
  ];
  const widths = lines[0].map((_, at) => Math.max(3, ...lines.map((cells) => cells[at].length)));
  const isText = (at) => at < 2 || at === widths.length - 1;
  const cell = (text, at) => (isText(at) ? text.padEnd(widths[at]) : text.padStart(widths[at]));
  const rule = widths.map((width, at) => (isText(at) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  const table = [lines[0].map(cell), rule, ...lines.slice(1).map((cells) => cells.map(cell))]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
  const notes = rows.flatMap((line, at) => (line.note === undefined ? [] : [`(${at + 1}) ${line.note}`]));
  return notes.length === 0 ? table : `${table}\n\n${notes.join('\n')}`;
}

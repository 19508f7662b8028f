/** Tasks longer than this delay what a visitor does (the threshold of the Long Tasks API). */
export const LONG_TASK_MS = 50;

/**
 * Reads the tasks of a page's main thread out of a trace.
 *
 * @param {readonly object[]} events Events of a trace with the categories of browser.mjs.
 * @returns {{tasks: Task[], marks: Map<string, number>}} Times in ms of the trace's clock.
 *
 * @typedef {object} Task
 * @property {number} startMs
 * @property {number} durationMs Wall time: other programs that take the core count as well.
 * @property {number} cpuMs Time the thread itself ran, slowed down as asked: what is left without other programs.
 * @property {{name: string, durationMs: number}[]} work What it did, longest first.
 */
export function readMainThread(events) {
  const born = events.findLast((event) => event.name === 'bench-page');
  if (born === undefined) return { tasks: [], marks: new Map() };
  const own = events.filter((event) => event.pid === born.pid && event.tid === born.tid);
  const spans = own.filter((event) => event.ph === 'X');
  const marks = new Map(
    own.filter((event) => event.cat?.includes('user_timing')).map(({ name, ts }) => [name, ts / 1000]),
  );
  const tasks = spans
    .filter((event) => event.name === 'RunTask')
    .map((task) => ({
      startMs: task.ts / 1000,
      durationMs: task.dur / 1000,
      cpuMs: (task.tdur ?? task.dur) / 1000,
      work: task.dur / 1000 > LONG_TASK_MS ? workOf(task, spans) : [],
    }));
  return { tasks, marks };
}

function workOf(task, spans) {
  return spans
    .filter(
      ({ name, ts, dur }) =>
        name !== 'RunTask' && ts >= task.ts && ts + dur <= task.ts + task.dur && dur > 5000,
    )
    .sort((left, right) => right.dur - left.dur)
    .slice(0, 6)
    .map((span) => ({ name: `${span.name}${placeOf(span)}`, durationMs: span.dur / 1000 }));
}

/** The script an event is about. */
function placeOf({ args }) {
  const { url, functionName } = args?.data ?? {};
  const file = url === undefined ? '' : ` ${String(url).split('/').at(-1)}`;
  return `${file}${functionName ? ` ${functionName}` : ''}`;
}

/** The part of every task beyond 50 ms, summed (total blocking time), in ms. */
export function blockingMs(tasks) {
  return tasks.reduce((sum, { durationMs }) => sum + Math.max(0, durationMs - LONG_TASK_MS), 0);
}

/**
 * The task that took longest by one of its times.
 *
 * @param {readonly Task[]} tasks
 * @param {'durationMs' | 'cpuMs'} [by]
 * @returns {Task | null}
 */
export function longestTask(tasks, by = 'durationMs') {
  return tasks.reduce((best, task) => (best === null || task[by] > best[by] ? task : best), null);
}

/** A long task in words. */
export function describeTask({ durationMs, cpuMs, work }) {
  const parts = work.map((part) => `${part.name} ${part.durationMs.toFixed(0)}`).join(', ');
  const times = `${durationMs.toFixed(0)} ms (thread time ${cpuMs.toFixed(0)})`;
  return parts === '' ? times : `${times}: ${parts}`;
}

import type { Clock } from '../contracts/clock.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import { isInteger, isRecord } from '../contracts/json.ts';
import type { Store } from '../contracts/store.ts';
import type { CrashMark } from '../engines/picker/candidate.ts';

/** Tells whether the tab that made a mark is still there; null where the browser has no locks. */
export interface Liveness {
  /** Name of this tab's worker, held for as long as it lives. */
  readonly name: string;
  isAlive(name: string): Promise<boolean>;
}

/** Options of {@link openCrashMark}. */
export interface CrashMarkOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly liveness: Liveness | null;
  /** What is remembered counts for this release of bundle and script only. */
  readonly release: string;
}

/** A mark, and the engine that is stepped over from this start on, to be told once. */
export interface OpenedCrashMark {
  readonly mark: CrashMark;
  readonly fault: UnderstudyError | null;
}

type Phase = 'loading' | 'writing';

/** What is stored. */
interface Marks {
  readonly release: string;
  /** The engine at work now, and whose it is; null = none. */
  readonly running: { readonly engine: string; readonly phase: Phase; readonly tab: string } | null;
  readonly strikes: ReadonlyMap<string, number>;
  /** When each engine that is stepped over crashed, in ms since the epoch. */
  readonly crashedMs: ReadonlyMap<string, number>;
}

const KEY = 'engine-crash-mark';
const FORGOTTEN_AFTER_MS = 3 * 24 * 60 * 60 * 1000;

/**
 * A page that ends while an engine loads has hardly been left by its visitor: loading takes a second. Answers are left in
 * the middle every day, so there it takes two in a row.
 */
const STRIKES: Readonly<Record<Phase, number>> = { loading: 2, writing: 1 };
const ENOUGH_STRIKES = 2;

/**
 * Opens the mark of this device: set while an engine is at work, so that a start that finds it set knows that the page
 * crashed. What another tab that still lives has marked is left alone. Storage that fails is as if nothing was marked.
 */
export async function openCrashMark(options: CrashMarkOptions): Promise<OpenedCrashMark> {
  const { store, clock, liveness, release } = options;
  let marks = parseMarks(await store.get('settings', KEY).catch(() => undefined), release, clock.now());
  const { running } = marks;
  let fault: UnderstudyError | null = null;
  if (running !== null && !((await liveness?.isAlive(running.tab).catch(() => false)) ?? false)) {
    const { engine, phase } = running;
    const count = (marks.strikes.get(engine) ?? 0) + STRIKES[phase];
    const isEnough = count >= ENOUGH_STRIKES;
    marks = {
      ...marks,
      running: null,
      strikes: new Map([...marks.strikes, [engine, isEnough ? 0 : count]]),
      crashedMs: isEnough ? new Map([...marks.crashedMs, [engine, clock.now()]]) : marks.crashedMs,
    };
    if (isEnough) {
      const happened = `The page ended while the engine "${engine}" was ${phase}.`;
      fault = new UnderstudyError('engine/stepped-down', happened, { facts: { engine, phase } });
    }
  }
  let writing: Promise<void> = Promise.resolve();
  const save = (): Promise<void> => {
    const value = serialize(marks);
    // In order: a late "begins" after an "ended" would look like a crash.
    writing = writing.then(() => store.set('settings', KEY, value)).catch(() => undefined);
    return writing;
  };
  if (running !== null && marks.running === null) await save();
  return {
    fault,
    mark: {
      steppedOver: new Set(marks.crashedMs.keys()),
      enter(engine, phase) {
        marks = { ...marks, running: { engine, phase, tab: liveness?.name ?? '' } };
        return save();
      },
      leave() {
        const engine = marks.running?.engine;
        if (engine === undefined) return Promise.resolve();
        marks = { ...marks, running: null, strikes: new Map([...marks.strikes, [engine, 0]]) };
        return save();
      },
    },
  };
}

function serialize({ release, running, strikes, crashedMs }: Marks): unknown {
  return { release, running, strikes: [...strikes], crashedMs: [...crashedMs] };
}

/** Accepts what is stored; what is of another release, too old or not valid is forgotten. */
function parseMarks(value: unknown, release: string, nowMs: number): Marks {
  const none: Marks = { release, running: null, strikes: new Map(), crashedMs: new Map() };
  if (!isRecord(value) || value['release'] !== release) return none;
  const isRecent = (atMs: number): boolean => atMs <= nowMs && nowMs - atMs < FORGOTTEN_AFTER_MS;
  return {
    release,
    running: parseRunning(value['running']),
    strikes: new Map(parseCounts(value['strikes'])),
    crashedMs: new Map(parseCounts(value['crashedMs']).filter(([, atMs]) => isRecent(atMs))),
  };
}

function parseRunning(value: unknown): Marks['running'] {
  if (!isRecord(value)) return null;
  const { engine, phase, tab } = value;
  if (typeof engine !== 'string' || typeof tab !== 'string') return null;
  return phase === 'loading' || phase === 'writing' ? { engine, phase, tab } : null;
}

function parseCounts(value: unknown): readonly (readonly [string, number])[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) => {
    const pair: readonly unknown[] = Array.isArray(entry) ? entry : [];
    const [engine, count] = pair;
    return typeof engine === 'string' && isInteger(count) ? [[engine, count] as const] : [];
  });
}

import { parse } from 'csv-parse/sync';
import { isRecord } from '../../src/contracts/json.ts';

/** One line of the manifest of exported apps. */
export interface ManifestEntry {
  /** Below the data folder. */
  readonly path: string;
  readonly origin: string;
  readonly mode: string;
}

/** What came of one app. */
export interface ProvenApp extends ManifestEntry {
  /** How much of it runs on the device; `broken` when it is refused with a code, `crashed` with anything else. */
  readonly outcome: 'whole' | 'partial' | 'none' | 'broken' | 'crashed';
  /** What is wrong with it, or a remark, in words. */
  readonly said: string;
  /** Why nodes need the cloud. */
  readonly blockers: readonly string[];
  readonly elapsedMs: number;
}

/** The ladder: public apps with a graph of which this many run wholly, or have a whole path. */
const LEAST_WHOLE = 19;
const LEAST_PATH = 27;
const LONGEST_MS = 1000;

/** Reads the manifest, whose values are quoted where they hold commas. */
export function readManifest(text: string): readonly ManifestEntry[] {
  const rows: unknown = parse(text, { columns: true, skip_empty_lines: true });
  return (Array.isArray(rows) ? rows : []).filter(isRecord).map((row) => ({
    path: String(row['path']),
    origin: String(row['origin']),
    mode: String(row['mode']),
  }));
}

/** Whether an app is one of those of which the ladder speaks: from the public, with a graph. */
export function isOnLadder({ origin, mode }: ManifestEntry): boolean {
  const isPublic = origin === 'community-export' || origin === 'official-template';
  return isPublic && (mode === 'workflow' || mode === 'advanced-chat');
}

/** Sums up what came of all apps, and says whether the goals are reached. */
export function describeLadder(apps: readonly ProvenApp[]): {
  readonly lines: readonly string[];
  readonly isReached: boolean;
} {
  const count = (list: readonly ProvenApp[], ...outcomes: readonly ProvenApp['outcome'][]): number =>
    list.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const crashed = count(apps, 'crashed');
  const broken = count(apps, 'broken');
  const ladder = apps.filter(isOnLadder);
  const whole = count(ladder, 'whole');
  const path = count(ladder, 'whole', 'partial');
  const slowest = Math.max(0, ...apps.map(({ elapsedMs }) => elapsedMs));
  const isReached = crashed === 0 && whole >= LEAST_WHOLE && path >= LEAST_PATH;
  return {
    isReached,
    lines: [
      `${apps.length - crashed} of ${apps.length} files inspected without a crash; ${broken} of them named as what they are`,
      `public apps with a graph       ${ladder.length}`,
      `  run wholly on the device     ${whole}  (goal ${LEAST_WHOLE})`,
      `  have at least one whole path ${path}  (goal ${LEAST_PATH})`,
      `slowest file                   ${slowest} ms  (goal ${LONGEST_MS} ms)`,
      'by analysis of the graphs; `understudy run` confirms by execution',
    ],
  };
}

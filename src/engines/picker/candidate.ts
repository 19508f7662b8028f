import type { Engine } from '../../contracts/engine.ts';
import type { ErrorCode } from '../../contracts/errors.ts';
import type { DeviceFacts, DeviceNeed } from './device-facts.ts';
import { lackOf } from './device-facts.ts';

/** An engine that could be loaded. */
export interface EngineCandidate {
  /** Name of the runtime, as in {@link Engine.id}. */
  readonly id: string;
  /** Artifacts that the bundle must offer for it. */
  readonly artifacts: readonly string[];
  readonly needs: readonly DeviceNeed[];
  /** Bytes that it holds while it runs; 0 = unknown. Default 0. */
  readonly memoryBytes?: number;
  /** Fetches the code and makes the engine; the picker loads it. */
  readonly create: () => Promise<Engine>;
}

/** What became of a candidate. */
export interface Attempt {
  readonly engine: string;
  /**
   * `chosen`; `unsuited` to bundle or device, found without loading; `stepped-over` because it crashed here before;
   * `failed` while it loaded or wrote; `gave-up` because it is too slow here.
   */
  readonly outcome: 'chosen' | 'unsuited' | 'stepped-over' | 'failed' | 'gave-up';
  /** What speaks against it, one sentence; empty for the chosen one. */
  readonly reason: string;
  readonly code: ErrorCode | null;
}

/** Remembers across starts which engine was at work when everything ended. */
export interface CrashMark {
  /** The engines that are stepped over for now. */
  readonly steppedOver: ReadonlySet<string>;
  /** Notes that an engine begins; resolves when that is stored. Never rejects. */
  enter(engine: string, phase: 'loading' | 'writing'): Promise<void>;
  /** Notes that it came through. Never rejects. */
  leave(): Promise<void>;
}

/** A share of the device's memory that an engine may take: the page, the browser and others need theirs. */
const MEMORY_SHARE = 0.4;

/** What speaks against a candidate before it is loaded; null = nothing. */
export function unsuitedBecause(
  candidate: EngineCandidate,
  offered: ReadonlySet<string>,
  facts: DeviceFacts,
): string | null {
  const missing = candidate.artifacts.filter((name) => !offered.has(name));
  if (missing.length > 0) return `The bundle has no ${missing.join(', ')}.`;
  const lacks = candidate.needs.flatMap((need) => lackOf(facts, need) ?? []);
  if (lacks.length > 0) return `On this device ${lacks.join(' and ')}.`;
  const { memoryBytes = 0 } = candidate;
  if (facts.memoryGb !== null && memoryBytes > facts.memoryGb * 2 ** 30 * MEMORY_SHARE) {
    return `It takes ${Math.ceil(memoryBytes / 2 ** 20)} MiB of a device with ${facts.memoryGb} GB.`;
  }
  return null;
}

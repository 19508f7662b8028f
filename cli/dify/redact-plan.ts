import { isRecord } from '../../src/contracts/json.ts';
import { findCredentials, withoutCredentials } from './find-credentials.ts';

/** A text of a plan from which something was taken. */
export interface Redacted {
  /** Id of the step, null when it was elsewhere in the plan. */
  readonly step: string | null;
  /** What it looked like, with its article. */
  readonly kind: string;
}

/**
 * Replaces everything in a plan that looks like a credential: the last look before it is published, whatever it came from.
 * Keys of maps are looked at as well.
 */
export function redactPlan(plan: { readonly steps: readonly { readonly id: string }[] }): {
  readonly plan: unknown;
  readonly redacted: readonly Redacted[];
} {
  const redacted: Redacted[] = [];
  const clean = (value: unknown, step: string | null): unknown => {
    if (typeof value === 'string') {
      const found = findCredentials(value);
      if (found.length === 0) return value;
      redacted.push(...found.map(({ kind }) => ({ step, kind })));
      return withoutCredentials(value);
    }
    if (Array.isArray(value)) return value.map((item: unknown) => clean(item, step));
    if (!isRecord(value)) return value;
    const entries = Object.entries(value).map(
      ([key, item]) => [String(clean(key, step)), clean(item, step)] as const,
    );
    return Object.fromEntries(entries);
  };
  const { steps, ...rest } = plan;
  const cleanSteps = steps.map((step) => clean(step, step.id));
  const cleanRest = clean(rest, null);
  return { plan: { ...(isRecord(cleanRest) ? cleanRest : {}), steps: cleanSteps }, redacted };
}

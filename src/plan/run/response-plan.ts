import { isRecord } from '../../contracts/json.ts';
import { parseSelector } from '../../contracts/parse-plan.ts';
import type { Selector } from '../../contracts/plan-configs.ts';
import type { Step } from '../../contracts/plan.ts';
import { readAnswer, readOutputs } from './read-response.ts';
import type { LevelEdge, LevelStep, ResponsePlan, Segment } from './plan-level.ts';

/** Looks at a step as an answer; null when it is none. */
export function planResponse(node: LevelStep, start: LevelStep): ResponsePlan | null {
  const segments = segmentsOf(node.step);
  if (segments === null) return null;
  const shown = new Set(segments.filter((segment) => typeof segment !== 'string').map(keyOf));
  const blocking = new Set<number>();
  const reached = new Set<LevelStep>();
  const steps = [start];
  const seen = new Set(steps);
  // All edges behind the start are looked at; those that do not block are followed by `reached`.
  for (let at = steps.pop(); at !== undefined; at = steps.pop()) {
    const isBlocking = blocks(at, shown);
    for (const edge of at.out) {
      // Whether an edge of another name than the usual one is ever taken, its step alone can say.
      if (isBlocking || edge.when !== 'default') blocking.add(edge.index);
      if (!seen.has(edge.to)) {
        seen.add(edge.to);
        steps.push(edge.to);
      }
    }
  }
  spread(start, reached, (edge) => !blocking.has(edge.index));
  return { node, segments, blocking, reached };
}

/** Adds to `reached` what can be reached from a step through edges that may be passed. */
export function spread(
  from: LevelStep,
  reached: Set<LevelStep>,
  mayPass: (edge: LevelEdge) => boolean,
): void {
  const steps = [from];
  reached.add(from);
  for (let at = steps.pop(); at !== undefined; at = steps.pop()) {
    for (const edge of at.out) {
      if (reached.has(edge.to) || !mayPass(edge)) continue;
      reached.add(edge.to);
      steps.push(edge.to);
    }
  }
}

/** The variable that a selector lies in, as a key. */
export function keyOf(selector: Selector): string {
  return JSON.stringify(selector.slice(0, 2));
}

function segmentsOf(step: Step): readonly Segment[] | null {
  if (step.kind === 'answer') {
    return readAnswer(step).map((piece) => (typeof piece === 'string' ? piece : piece.from));
  }
  if (step.kind !== 'output') return null;
  return readOutputs(step).flatMap(({ from }, index) => (index === 0 ? [from] : ['\n', from]));
}

function blocks(node: LevelStep, shown: ReadonlySet<string>): boolean {
  const { kind, site } = node.step;
  if (node.isBranch || node.inner !== null || kind === 'answer' || kind === 'output') return true;
  // On the device such a step fails: nothing is promised that cannot be kept.
  if (kind === 'lead' || site === 'lead') return true;
  return kind === 'assign' && writtenBy(node.step).some((key) => shown.has(key));
}

/** Keys of the variables that an `assign` step writes. */
function writtenBy(step: Step): readonly string[] {
  const items = step.config['items'];
  if (!Array.isArray(items)) return [];
  return items
    .map((item: unknown) => (isRecord(item) ? parseSelector(item['to']) : null))
    .filter((selector) => selector !== null)
    .map(keyOf);
}

import type { LevelEdge, LevelStep, PlanLevel } from './plan-level.ts';

/** Who is told what comes of the edges. */
export interface EdgeHooks {
  /** No edge to the step is open any more, and one at least was taken. */
  readonly onReady: (node: LevelStep) => void;
  /** All edges to the step were skipped. */
  readonly onSkipped: (node: LevelStep) => void;
}

/** Which edges of a level were taken and which skipped, and so which steps may run. */
export class EdgeStates {
  readonly #level: PlanLevel;
  readonly #hooks: EdgeHooks;
  readonly #taken = new Set<LevelEdge>();
  /** How many edges to a step are neither taken nor skipped, by the step's position. */
  readonly #open: number[];
  /** Which steps have an edge to them that was taken. */
  readonly #wanted = new Set<LevelStep>();
  readonly #skipped = new Set<string>();
  /** Steps of which it is known whether they run. */
  readonly #decided = new Set<LevelStep>();

  constructor(level: PlanLevel, hooks: EdgeHooks) {
    this.#level = level;
    this.#hooks = hooks;
    this.#open = level.steps.map((node) => node.in.length);
  }

  /** Makes the start ready, and skips whatever else no edge leads to. */
  begin(start: LevelStep): void {
    this.#decided.add(start);
    this.#hooks.onReady(start);
    if (!this.#level.isOrdered) return;
    for (const node of this.#level.steps) if (node.in.length === 0) this.#decide(node, []);
  }

  isTaken(edge: LevelEdge): boolean {
    return this.#taken.has(edge);
  }

  isSkipped(stepId: string): boolean {
    return this.#skipped.has(stepId);
  }

  /**
   * Takes the edges that bear the name of an outcome, else those named `default`; none after a failure that has no edge of its own.
   * @returns The edges taken, and the steps skipped for it.
   */
  leave(
    node: LevelStep,
    when: string,
  ): { readonly taken: readonly LevelEdge[]; readonly skipped: readonly LevelStep[] } {
    const named = node.out.filter((edge) => edge.when === when);
    const byDefault = when === 'fail-branch' ? [] : node.out.filter((edge) => edge.when === 'default');
    const chosen = named.length > 0 ? named : byDefault;
    if (!this.#level.isOrdered) {
      const taken = chosen.slice(0, 1);
      for (const { to } of taken) this.#hooks.onReady(to);
      return { taken, skipped: [] };
    }
    const skipped: LevelStep[] = [];
    for (const edge of node.out) if (!chosen.includes(edge)) this.#close(edge, skipped);
    for (const edge of chosen) {
      this.#taken.add(edge);
      this.#wanted.add(edge.to);
      this.#close(edge, skipped);
    }
    return { taken: chosen, skipped };
  }

  /** An edge is open no longer. */
  #close(edge: LevelEdge, skipped: LevelStep[]): void {
    const left = (this.#open[edge.to.position] ?? 0) - 1;
    this.#open[edge.to.position] = left;
    if (left <= 0) this.#decide(edge.to, skipped);
  }

  /** No edge to a step is open: it runs, or is skipped and with it what only it leads to. */
  #decide(node: LevelStep, skipped: LevelStep[]): void {
    const steps = [node];
    for (let step = steps.shift(); step !== undefined; step = steps.shift()) {
      if (this.#decided.has(step)) continue;
      this.#decided.add(step);
      if (this.#wanted.has(step)) {
        this.#hooks.onReady(step);
        continue;
      }
      this.#skipped.add(step.step.id);
      skipped.push(step);
      this.#hooks.onSkipped(step);
      for (const { to } of step.out) {
        const left = (this.#open[to.position] ?? 0) - 1;
        this.#open[to.position] = left;
        if (left <= 0) steps.push(to);
      }
    }
  }
}

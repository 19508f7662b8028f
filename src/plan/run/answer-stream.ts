import type { Selector } from '../../contracts/plan-configs.ts';
import type { PlanValue } from '../plan-value.ts';
import { renderMarkdown } from '../values/render-value.ts';
import type { LevelEdge, LevelStep, PlanLevel, ResponsePlan, Segment } from './plan-level.ts';
import { keyOf, spread } from './response-plan.ts';
import { StreamedValue } from './streamed-value.ts';

/** What the stream of answers is told by those who run the steps. */
export interface AnswerStreamHooks {
  readonly get: (selector: Selector) => PlanValue | undefined;
  readonly isSkipped: (stepId: string) => boolean;
  /** Whether the step has ended, however it did. */
  readonly isSettled: (stepId: string) => boolean;
  readonly isTaken: (edge: LevelEdge) => boolean;
  /**
   * Shows a piece of an answer.
   * @param stepId - The step whose answer it is.
   * @param from - The step, or the scope, that the piece comes from.
   */
  readonly emit: (text: string, stepId: string, from: string) => void;
}

/** One answer on its way: it has the floor, or waits for it. */
interface Telling {
  readonly stepId: string;
  segments: Segment[];
  index: number;
  /** How many pieces of the value at `index` were shown. */
  read: number;
  /** Whether words may still be added: a step that speaks by itself. */
  isOpen: boolean;
  /** Whether the step itself has been reached. */
  hasArrived: boolean;
}

/**
 * Decides which words of which answer are shown when.
 *
 * An answer begins as soon as, on some way to its step, no blocking edge lies ahead. Its words are shown at once, values as they are
 * written. One answer has the floor; others wait in the order in which they could have begun. What a skipped step would have
 * given is left out.
 */
export class AnswerStream {
  readonly #hooks: AnswerStreamHooks;
  readonly #level: PlanLevel;
  /** Answers that have not begun, each with the steps that can be reached without a blocking edge that is not taken. */
  readonly #pending = new Map<ResponsePlan, Set<LevelStep>>();
  readonly #values = new Map<string, StreamedValue>();
  /** Variables that some answer shows whole. */
  readonly #shown = new Set<string>();
  #floor: Telling | null = null;
  readonly #waiting: Telling[] = [];

  constructor(level: PlanLevel, hooks: AnswerStreamHooks) {
    this.#level = level;
    this.#hooks = hooks;
    for (const response of level.responses) {
      this.#pending.set(response, new Set(response.reached));
      for (const segment of response.segments)
        if (typeof segment !== 'string' && segment.length === 2) this.#shown.add(keyOf(segment));
    }
  }

  /** An edge was taken. */
  taken(edge: LevelEdge): void {
    for (const [response, reached] of this.#pending) {
      if (reached.has(edge.from) && !reached.has(edge.to)) {
        spread(edge.to, reached, (next) => !response.blocking.has(next.index) || this.#hooks.isTaken(next));
      }
      if (reached.has(response.node)) this.#begin(response);
    }
  }

  /** A step wrote the next piece of one of its values. */
  feed(stepId: string, name: string, text: string): void {
    const key = keyOf([stepId, name]);
    if (!this.#shown.has(key)) return;
    let value = this.#values.get(key);
    if (value === undefined) {
      value = new StreamedValue(stepId, name);
      this.#values.set(key, value);
    }
    value.add(text);
    this.#tell();
  }

  /** A step failed and begins anew: what it wrote and was not shown is forgotten. */
  restart(stepId: string): void {
    for (const value of this.#valuesOf(stepId)) value.restart();
  }

  /** A step failed for good, and other values take the place of what it wrote. */
  replace(stepId: string, outputs: { readonly [name: string]: PlanValue }): void {
    for (const value of this.#valuesOf(stepId)) {
      value.restart();
      const given = outputs[value.name];
      if (given !== undefined) value.add(renderMarkdown(given));
    }
  }

  /** A step has ended, and its outputs are in the pool. */
  settled(stepId: string): void {
    for (const value of this.#valuesOf(stepId)) value.isWhole = true;
    for (const telling of this.#tellings()) if (telling.stepId === stepId) telling.isOpen = false;
    this.#tell();
  }

  /** A step was skipped. */
  skipped(stepId: string): void {
    for (const response of this.#pending.keys())
      if (response.node.step.id === stepId) this.#pending.delete(response);
    this.#tell();
  }

  /** The step of an answer is about to run: what its words hang on is there, or never will be. */
  arrived(stepId: string): void {
    for (const response of this.#pending.keys()) if (response.node.step.id === stepId) this.#begin(response);
    for (const telling of this.#tellings()) {
      if (telling.stepId !== stepId) continue;
      telling.hasArrived = true;
      this.#fix(telling, false);
    }
    this.#tell();
  }

  /** A step that is no answer speaks by itself. */
  say(stepId: string, text: string): void {
    let telling = [...this.#tellings()].find((one) => one.stepId === stepId);
    if (telling === undefined) {
      telling = { stepId, segments: [], index: 0, read: 0, isOpen: true, hasArrived: true };
      this.#queue(telling);
    }
    telling.segments.push(text);
    this.#tell();
  }

  /** No step will run any more. */
  finish(): void {
    for (const telling of this.#tellings()) {
      telling.isOpen = false;
      if (telling.hasArrived) this.#fix(telling, true);
      else telling.index = telling.segments.length;
    }
    this.#tell();
  }

  *#tellings(): Generator<Telling> {
    if (this.#floor !== null) yield this.#floor;
    yield* this.#waiting;
  }

  *#valuesOf(stepId: string): Generator<StreamedValue> {
    for (const value of this.#values.values()) if (value.stepId === stepId) yield value;
  }

  #begin(response: ResponsePlan): void {
    this.#pending.delete(response);
    const segments = [...response.segments];
    const stepId = response.node.step.id;
    this.#queue({ stepId, segments, index: 0, read: 0, isOpen: false, hasArrived: false });
    this.#tell();
  }

  #queue(telling: Telling): void {
    if (this.#floor === null) this.#floor = telling;
    else this.#waiting.push(telling);
  }

  /** Writes down values as they are now, so that what later steps write does not change an answer that waits. */
  #fix(telling: Telling, isOver: boolean): void {
    telling.segments = telling.segments.map((segment, index) => {
      if (typeof segment === 'string' || index < telling.index) return segment;
      const [scope] = segment;
      const isOurs = this.#level.byId.has(scope);
      // Steps do not change their values once they have ended.
      const isStreamed = segment.length === 2 && this.#values.has(keyOf(segment));
      if (this.#hooks.isSkipped(scope) || isStreamed) return segment;
      if (isOurs && !isOver && !this.#hooks.isSettled(scope)) return segment;
      const value = this.#hooks.get(segment);
      if (value === undefined) return segment.join('.');
      return isOurs ? segment : renderMarkdown(value);
    });
  }

  #tell(): void {
    while (this.#floor !== null) {
      const telling = this.#floor;
      while (telling.index < telling.segments.length) if (!this.#advance(telling)) return;
      if (telling.isOpen) return;
      this.#floor = this.#waiting.shift() ?? null;
    }
  }

  /** Shows what there is of the next segment. @returns Whether the segment is done. */
  #advance(telling: Telling): boolean {
    const segment = telling.segments[telling.index];
    const next = (): true => {
      telling.index += 1;
      telling.read = 0;
      return true;
    };
    if (segment === undefined) return next();
    const { emit, get, isSkipped, isSettled } = this.#hooks;
    const { stepId } = telling;
    if (typeof segment === 'string') {
      if (segment !== '') emit(segment, stepId, stepId);
      return next();
    }
    const [scope] = segment;
    if (isSkipped(scope)) return next();
    const streamed = segment.length === 2 ? this.#values.get(keyOf(segment)) : undefined;
    if (streamed !== undefined) {
      for (const text of streamed.from(telling.read)) emit(text, stepId, scope);
      telling.read = streamed.length;
      if (!streamed.isWhole) return false;
      // Dify closes a stream with an empty piece; traces show it.
      emit('', stepId, scope);
      return next();
    }
    const value = this.#level.byId.has(scope) && !isSettled(scope) ? undefined : get(segment);
    if (value === undefined) return false;
    emit(renderMarkdown(value), stepId, scope);
    return next();
  }
}

import { UnderstudyError } from '../../contracts/errors.ts';
import type { Selector } from '../../contracts/plan-configs.ts';
import type { PlanValue } from '../plan-value.ts';
import type { VariablePool } from '../step-handler.ts';
import { readPath } from '../values/read-path.ts';

/** Largest value of a variable of the conversation, as JSON, in UTF-16 code units. */
const MAX_VARIABLE_LENGTH = 200 * 1024;

/** Scopes that are the same in every round. */
const SHARED: ReadonlySet<string> = new Set(['conversation', 'env', 'sys', 'turn', 'session']);

/**
 * The variables of one run of a plan. A round has a pool of its own, through which it sees that of the steps around it; what it writes
 * stays in the round, except in scopes that are shared.
 */
export class PlanPool implements VariablePool {
  readonly #scopes = new Map<string, Map<string, PlanValue>>();
  readonly #around: PlanPool | null;
  /** Scopes of which only what was set here is seen. */
  readonly #own: ReadonlySet<string>;
  readonly #onConversation: (name: string, value: PlanValue) => void;

  /** @param onConversation - Told of every variable of the conversation that is written. */
  constructor(
    onConversation: (name: string, value: PlanValue) => void = () => undefined,
    around: PlanPool | null = null,
    own: ReadonlySet<string> = new Set(),
  ) {
    this.#onConversation = onConversation;
    this.#around = around;
    this.#own = own;
  }

  get(selector: Selector): PlanValue | undefined {
    const [scope, name, ...path] = selector;
    let value = this.#find(scope, name);
    // Older exports name `sys.query` as a variable of the start.
    if (value === undefined && name.startsWith('sys.')) value = this.#find('sys', name.slice(4));
    return path.length === 0 ? value : readPath(value, path);
  }

  /** @throws UnderstudyError `plan/value-invalid` for a variable of the conversation that is too large to be kept. */
  set(scope: string, name: string, value: PlanValue): void {
    if (this.#around !== null && SHARED.has(scope)) {
      this.#around.set(scope, name, value);
      return;
    }
    if (scope === 'conversation') {
      if (JSON.stringify(value).length > MAX_VARIABLE_LENGTH) {
        throw new UnderstudyError(
          'plan/value-invalid',
          `The variable "${name}" of the conversation is larger than 200 KiB.`,
          { facts: { variable: `conversation.${name}` } },
        );
      }
      this.#onConversation(name, value);
    }
    this.fill(scope, name, value);
  }

  /** Sets a value here without telling anybody: what a run begins with. */
  fill(scope: string, name: string, value: PlanValue): void {
    const variables = this.#scopes.get(scope);
    if (variables === undefined) this.#scopes.set(scope, new Map([[name, value]]));
    else variables.set(name, value);
  }

  /**
   * Makes the pool of one round.
   * @param own - Scopes of the steps in the container: a round does not see what an earlier one left.
   */
  round(own: ReadonlySet<string>): PlanPool {
    return new PlanPool(this.#onConversation, this, own);
  }

  /** Gives what was set here to the pool around it: the rounds of a loop follow one another. */
  leak(): void {
    for (const [scope, variables] of this.#scopes)
      for (const [name, value] of variables) this.#around?.fill(scope, name, value);
  }

  #find(scope: string, name: string): PlanValue | undefined {
    const value = this.#scopes.get(scope)?.get(name);
    if (value !== undefined || this.#around === null || this.#own.has(scope)) return value;
    return this.#around.#find(scope, name);
  }
}

import type { PyArguments, PyValue } from './python-value.ts';
import { Missing, numberOf, toText, typeName } from './python-value.ts';
import { TemplateFault } from './template-fault.ts';

/** Arguments of one call by the names of a signature. */
export class CallReader {
  readonly #values = new Map<string, PyValue>();

  /** @param names - In their order; others than these are refused. @throws TemplateFault. */
  constructor(title: string, given: PyArguments, names: readonly string[]) {
    if (given.values.length > names.length)
      throw new TemplateFault(
        `${title}() takes at most ${names.length} arguments (${given.values.length} given)`,
      );
    given.values.forEach((value, at) => this.#values.set(names[at] ?? '', value));
    for (const [name, value] of given.named) {
      if (!names.includes(name))
        throw new TemplateFault(`${title}() got an unexpected keyword argument '${name}'`);
      if (this.#values.has(name))
        throw new TemplateFault(`${title}() got multiple values for argument '${name}'`);
      this.#values.set(name, value);
    }
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }
  value(name: string): PyValue {
    return this.#values.get(name) ?? null;
  }
  need(name: string): PyValue {
    const value = this.#values.get(name);
    if (value === undefined) throw new TemplateFault(`missing a required argument: '${name}'`);
    return value;
  }
  text(name: string, otherwise: string): string {
    const value = this.#values.get(name);
    return value === undefined || value === null ? otherwise : toText(value);
  }
  integer(name: string, otherwise: number): number {
    const value = this.#values.get(name);
    if (value === undefined || value === null) return otherwise;
    const number = numberOf(value);
    if (number === null || value instanceof Missing)
      throw new TemplateFault(`'${typeName(value)}' object cannot be interpreted as an integer`);
    return Math.trunc(number);
  }
  /** Whether a flag is set. */
  isSet(name: string, otherwise = false): boolean {
    const value = this.#values.get(name);
    if (value === undefined) return otherwise;
    return value !== null && value !== false && value !== 0 && value !== '';
  }
}

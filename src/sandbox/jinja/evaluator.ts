import { calculate, sliceOf } from './calculate.ts';
import type { PyArguments, PyValue } from './python-value.ts';
import {
  Missing,
  PyDict,
  PyFloat,
  PyList,
  PyObject,
  PyTuple,
  areEqual,
  compareValues,
  contains,
  isTrue,
  itemsOf,
  numberOf,
  reprOf,
  toText,
  typeName,
  valueOr,
} from './python-value.ts';
import type { FilterHelp } from './template-filters.ts';
import { TEMPLATE_FILTERS } from './template-filters.ts';
import { TemplateFault } from './template-fault.ts';
import type { CallArguments, Expression } from './template-nodes.ts';
import { TEMPLATE_TESTS } from './template-tests.ts';
import { MAX_TEXT, methodOf } from './value-methods.ts';

/** Names and what they stand for, innermost first. */
export class Scope {
  readonly #values = new Map<string, PyValue>();
  readonly #outer: Scope | null;

  constructor(outer: Scope | null, values: Iterable<readonly [string, PyValue]> = []) {
    this.#outer = outer;
    for (const [name, value] of values) this.#values.set(name, value);
  }

  get(name: string): PyValue | undefined {
    return this.#values.has(name) ? this.#values.get(name) : this.#outer?.get(name);
  }
  set(name: string, value: PyValue): void {
    this.#values.set(name, value);
  }
}

const NONE: PyArguments = { values: [], named: new Map() };

/** Works out expressions. */
export class Evaluator {
  readonly #tick: () => void;
  readonly #help: FilterHelp;

  /** @param tick - Is called for every expression; throws when it has been enough. */
  constructor(tick: () => void, random: () => number) {
    this.#tick = tick;
    this.#help = {
      member: (of, key) => this.member(of, key),
      filter: (name, value, given) => this.filter(name, value, given, 0),
      test: (name, value, given) => this.#test(name, value, given, 0),
      random,
    };
  }

  /** @throws TemplateFault. */
  evaluate(node: Expression, scope: Scope): PyValue {
    this.#tick();
    const read = (of: Expression): PyValue => this.evaluate(of, scope);
    switch (node.kind) {
      case 'constant':
        return node.isFloat && typeof node.value === 'number' && Number.isInteger(node.value)
          ? new PyFloat(node.value)
          : node.value;
      case 'name':
        return valueOr(scope.get(node.name), () => new Missing(`'${node.name}' is undefined`));
      case 'list':
        return new PyList(node.items.map(read));
      case 'tuple':
        return new PyTuple(node.items.map(read));
      case 'dict':
        return new PyDict(node.entries.map(([key, value]) => [read(key), read(value)]));
      case 'attribute':
        return this.attribute(read(node.of), node.name);
      case 'item':
        return this.#item(read(node.of), node.key, scope);
      case 'slice':
        throw new TemplateFault('a slice stands alone');
      case 'call':
        return this.call(read(node.callee), this.arguments(node.given, scope), node.line);
      case 'filter':
        return this.filter(
          node.name,
          node.of === null ? '' : read(node.of),
          this.arguments(node.given, scope),
          node.line,
        );
      case 'test':
        return (
          this.#test(node.name, read(node.of), this.arguments(node.given, scope), node.line) !== node.isDenied
        );
      case 'not':
        return !isTrue(read(node.of));
      case 'negative':
      case 'positive': {
        const value = read(node.of);
        return calculate(node.kind === 'negative' ? '-' : '+', 0, value);
      }
      case 'and': {
        const left = read(node.left);
        return isTrue(left) ? read(node.right) : left;
      }
      case 'or': {
        const left = read(node.left);
        return isTrue(left) ? left : read(node.right);
      }
      case 'math':
        return at(node.line, () => calculate(node.operator, read(node.left), read(node.right)));
      case 'concat': {
        const text = node.parts.map((part) => toText(read(part))).join('');
        if (text.length > MAX_TEXT) throw new TemplateFault('a text is too long');
        return text;
      }
      case 'compare': {
        let left = read(node.first);
        for (const { operator, value } of node.rest) {
          const right = read(value);
          const own = left;
          if (!at(node.line, () => compares(operator, own, right))) return false;
          left = right;
        }
        return true;
      }
      case 'choice':
        if (isTrue(read(node.test))) return read(node.then);
        return node.otherwise === null
          ? new Missing('the inline if-expression has no else')
          : read(node.otherwise);
    }
  }

  /** Arguments of a call with their values. */
  arguments({ values, named }: CallArguments, scope: Scope): PyArguments {
    if (values.length === 0 && named.length === 0) return NONE;
    const names = new Map<string, PyValue>();
    for (const { name, value } of named) {
      const read = this.evaluate(value, scope);
      if (name !== '') names.set(name, read);
      else if (read instanceof PyDict) for (const [key, item] of read.entries()) names.set(toText(key), item);
      else throw new TemplateFault('argument after ** must be a mapping');
    }
    return {
      values: values.flatMap(({ value, isSpread }) => {
        const read = this.evaluate(value, scope);
        return isSpread ? [...itemsOf(read)] : [read];
      }),
      named: names,
    };
  }

  call(callee: PyValue, given: PyArguments, line: number): PyValue {
    return at(line, () => {
      if (callee instanceof Missing) throw new TemplateFault(callee.name);
      if (!(callee instanceof PyObject) || callee.call === null)
        throw new TemplateFault(`'${typeName(callee)}' object is not callable`);
      return callee.call(given);
    });
  }

  /** Applies a filter. */
  filter(name: string, value: PyValue, given: PyArguments, line: number): PyValue {
    const filter = TEMPLATE_FILTERS.get(name);
    if (filter === undefined) throw new TemplateFault(`No filter named '${name}'.`, line);
    return at(line, () => filter(value, given, this.#help));
  }

  #test(name: string, value: PyValue, given: PyArguments, line: number): boolean {
    if (name === 'filter') return typeof value === 'string' && TEMPLATE_FILTERS.has(value);
    if (name === 'test') return typeof value === 'string' && TEMPLATE_TESTS.has(value);
    const test = TEMPLATE_TESTS.get(name);
    if (test === undefined) throw new TemplateFault(`No test named '${name}'.`, line);
    return at(line, () => test(value, given));
  }

  /** `of.name`: an attribute, else an item. */
  attribute(of: PyValue, name: string): PyValue {
    if (of instanceof Missing) throw new TemplateFault(of.name);
    const own =
      of instanceof PyObject
        ? of.attribute(name)
        : methodOf(of, name, (value, key) => this.member(value, key));
    if (own !== undefined) return own;
    // The elements of `groupby` are tuples with names.
    if (of instanceof PyTuple && of.items.length === 2) {
      if (name === 'grouper') return of.items[0] ?? null;
      if (name === 'list') return of.items[1] ?? null;
    }
    return valueOr(of instanceof PyDict ? of.get(name) : undefined, () => missingOf(of, name));
  }

  /** What `map(attribute=…)` and fields of formats read: a name or a number. */
  member(of: PyValue, key: PyValue): PyValue {
    if (typeof key !== 'string') return valueOr(itemOf(of, key), () => missingOf(of, key));
    if (of instanceof PyDict) return valueOr(of.get(key), () => missingOf(of, key));
    return of instanceof Missing ? of : this.attribute(of, key);
  }

  /** `of[key]`: an item, else an attribute. */
  #item(of: PyValue, key: Expression, scope: Scope): PyValue {
    if (of instanceof Missing) throw new TemplateFault(of.name);
    if (key.kind === 'slice') {
      const place = (part: Expression | null): number | null =>
        part === null ? null : numberOf(this.evaluate(part, scope));
      const cut = [place(key.from), place(key.to), place(key.step)] as const;
      if (typeof of === 'string') return sliceOf(Array.from(of), ...cut).join('');
      if (of instanceof PyTuple) return new PyTuple(sliceOf(of.items, ...cut));
      if (of instanceof PyList) return new PyList(sliceOf(of.items, ...cut));
      throw new TemplateFault(`'${typeName(of)}' object is not subscriptable`);
    }
    const value = this.evaluate(key, scope);
    const item = itemOf(of, value);
    if (item !== undefined) return item;
    return typeof value === 'string' && !(of instanceof PyDict)
      ? this.attribute(of, value)
      : missingOf(of, value);
  }
}

function itemOf(of: PyValue, key: PyValue): PyValue | undefined {
  if (of instanceof PyDict) return of.get(key);
  const place = numberOf(key);
  if (place === null) return undefined;
  if (of instanceof PyList || of instanceof PyTuple) return of.items.at(place);
  return typeof of === 'string' ? Array.from(of).at(place) : undefined;
}

function missingOf(of: PyValue, key: PyValue): Missing {
  if (of instanceof PyDict) return new Missing(`'dict object' has no attribute ${reprOf(key)}`);
  if (typeof key === 'string') return new Missing(`'${typeName(of)} object' has no attribute '${key}'`);
  return new Missing(`${typeName(of)} object has no element ${toText(key)}`);
}

function compares(operator: string, left: PyValue, right: PyValue): boolean {
  switch (operator) {
    case '==':
      return areEqual(left, right);
    case '!=':
      return !areEqual(left, right);
    case 'in':
      return contains(right, left);
    case 'not in':
      return !contains(right, left);
    default: {
      for (const value of [left, right]) if (value instanceof Missing) throw new TemplateFault(value.name);
      const order = compareValues(left, right, operator);
      if (operator === '<') return order < 0;
      if (operator === '<=') return order <= 0;
      return operator === '>' ? order > 0 : order >= 0;
    }
  }
}

/** Gives faults their line. */
function at<T>(line: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof TemplateFault && error.line === 0) throw new TemplateFault(error.message, line);
    throw error;
  }
}

import { UnderstudyError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { Evaluator, Scope } from './evaluator.ts';
import type { LoopState } from './loop-value.ts';
import { loopValue } from './loop-value.ts';
import { parseJinja } from './parse-jinja.ts';
import type { PyArguments, PyValue } from './python-value.ts';
import { Missing, PyDict, PyObject, PyTuple, isTrue, itemsOf, toText } from './python-value.ts';
import { TemplateFault } from './template-fault.ts';
import { templateGlobals } from './template-globals.ts';
import type { Expression, Parameter, Statement, Target } from './template-nodes.ts';
import { toPythonValue } from './to-python-value.ts';

/** Longest text, in code points, as of the cloud agent. */
const MAX_OUTPUT = 400_000;
const MAX_SOURCE = 400_000;
/** Macros and loops within each other. */
const MAX_CALLS = 100;
/** Expressions between two looks at the clock. */
const TICKS = 1000;
const MAX_TICKS = 5_000_000;

/** Options of {@link renderJinja}. */
export interface RenderOptions {
  /** Default 5,000. */
  readonly timeoutMs?: number;
  /** Milliseconds from any beginning. Default Date.now. */
  readonly now?: () => number;
  /** Default Math.random. */
  readonly random?: () => number;
}

/**
 * Renders a template over values as Jinja2 does with its default settings.
 * @throws UnderstudyError `sandbox/template-failed` with `line` and `error`.
 */
export function renderJinja(source: string, values: JsonObject, options: RenderOptions = {}): string {
  const { timeoutMs = 5000, now = Date.now, random = Math.random } = options;
  try {
    if (source.length > MAX_SOURCE) throw new TemplateFault('the template is longer than 400,000 characters');
    const end = now() + timeoutMs;
    return new Renderer(() => now() > end, random).render(parseJinja(source), values);
  } catch (error) {
    if (error instanceof TemplateFault || error instanceof RangeError) {
      const line = error instanceof TemplateFault ? error.line : 0;
      const where = line === 0 ? '' : ` in line ${line}`;
      throw new UnderstudyError('sandbox/template-failed', `The template failed${where}: ${error.message}.`, {
        facts: { error: error.message, line },
      });
    }
    throw error;
  }
}

class Renderer {
  readonly #evaluator: Evaluator;
  readonly #isLate: () => boolean;
  #out: string[] = [];
  #length = 0;
  #ticks = 0;
  #calls = 0;

  constructor(isLate: () => boolean, random: () => number) {
    this.#isLate = isLate;
    this.#evaluator = new Evaluator(() => this.#tick(), random);
  }

  render(body: readonly Statement[], values: JsonObject): string {
    const globals = new Scope(null, templateGlobals());
    const given = Object.entries(values).map(([name, value]) => [name, toPythonValue(value)] as const);
    this.#run(body, new Scope(globals, given));
    return this.#out.join('');
  }

  #tick(): void {
    this.#ticks += 1;
    if (this.#ticks > MAX_TICKS) throw new TemplateFault('the template does too much');
    if (this.#ticks % TICKS === 0 && this.#isLate()) throw new TemplateFault('the template takes too long');
  }

  #write(text: string): void {
    this.#length += text.length;
    if (this.#length > MAX_OUTPUT && Array.from(this.#out.join('') + text).length > MAX_OUTPUT)
      throw new TemplateFault('the template gives more than 400,000 characters');
    this.#out.push(text);
  }

  /** Runs statements and gives what they write. */
  #capture(work: () => void): string {
    const [out, length] = [this.#out, this.#length];
    this.#out = [];
    this.#calls += 1;
    if (this.#calls > MAX_CALLS) throw new TemplateFault('maximum recursion depth exceeded');
    try {
      work();
      return this.#out.join('');
    } finally {
      this.#out = out;
      this.#length = length;
      this.#calls -= 1;
    }
  }

  #run(body: readonly Statement[], scope: Scope): void {
    for (const statement of body) {
      this.#tick();
      this.#step(statement, scope);
    }
  }

  #step(node: Statement, scope: Scope): void {
    switch (node.kind) {
      case 'text':
        this.#write(node.text);
        return;
      case 'output':
        this.#write(toText(this.#value(node.value, scope, node.line)));
        return;
      case 'if': {
        const chosen = node.cases.find(({ test }) => isTrue(this.#value(test, scope, 0)));
        this.#run(chosen?.body ?? node.otherwise, scope);
        return;
      }
      case 'for':
        this.#loop(node, this.#value(node.items, scope, node.line), scope, 0);
        return;
      case 'set':
        assign(node.target, this.#value(node.value, scope, node.line), scope);
        return;
      case 'set-block': {
        const text = this.#capture(() => this.#run(node.body, new Scope(scope)));
        assign(node.target, node.filter === null ? text : this.#filtered(node.filter, text, scope), scope);
        return;
      }
      case 'macro':
        scope.set(node.name, this.#macro(node.name, node.parameters, node.body, scope));
        return;
      case 'call-block':
        this.#callBlock(node, scope);
        return;
      case 'filter-block': {
        const text = this.#capture(() => this.#run(node.body, new Scope(scope)));
        this.#write(toText(this.#filtered(node.filter, text, scope)));
        return;
      }
      case 'with': {
        const inner = new Scope(scope);
        for (const { target, value } of node.values) assign(target, this.#value(value, scope, 0), inner);
        this.#run(node.body, inner);
        return;
      }
      case 'group':
        this.#run(node.body, new Scope(scope));
    }
  }

  #value(node: Expression, scope: Scope, line: number): PyValue {
    try {
      return this.#evaluator.evaluate(node, scope);
    } catch (error) {
      if (error instanceof TemplateFault && error.line === 0) throw new TemplateFault(error.message, line);
      throw error;
    }
  }

  /** Puts a text through filters that were written without a value. */
  #filtered(filter: Expression, text: string, scope: Scope): PyValue {
    if (filter.kind !== 'filter') return text;
    const value = filter.of === null ? text : this.#filtered(filter.of, text, scope);
    return this.#evaluator.filter(
      filter.name,
      value,
      this.#evaluator.arguments(filter.given, scope),
      filter.line,
    );
  }

  #loop(node: Statement & { readonly kind: 'for' }, given: PyValue, scope: Scope, depth: number): void {
    if (depth > MAX_CALLS) throw new TemplateFault('maximum recursion depth exceeded', node.line);
    let items: readonly PyValue[];
    try {
      items = itemsOf(given);
    } catch (error) {
      throw error instanceof TemplateFault ? new TemplateFault(error.message, node.line) : error;
    }
    const { test } = node;
    if (test !== null)
      items = items.filter((item) => {
        const inner = new Scope(scope);
        assign(node.target, item, inner);
        return isTrue(this.#value(test, inner, node.line));
      });
    const state: LoopState = { items, index: 0, depth, seen: null };
    const recurse = node.isRecursive
      ? (inner: PyValue) => this.#capture(() => this.#loop(node, inner, scope, depth + 1))
      : null;
    const loop = loopValue(state, recurse);
    for (const [index, item] of items.entries()) {
      state.index = index;
      const inner = new Scope(scope, [['loop', loop]]);
      assign(node.target, item, inner);
      this.#run(node.body, inner);
    }
    if (items.length === 0) this.#run(node.otherwise, new Scope(scope));
  }

  #macro(
    name: string,
    parameters: readonly Parameter[],
    body: readonly Statement[],
    scope: Scope,
    caller: PyValue | null = null,
  ): PyObject {
    return new PyObject(`<Macro '${name}'>`, {
      attributes: new Map<string, PyValue>([
        ['name', name],
        ['arguments', new PyTuple(parameters.map((parameter) => parameter.name))],
      ]),
      call: (given) =>
        this.#capture(() => this.#run(body, this.#bind(name, parameters, given, scope, caller))),
    });
  }

  #bind(
    name: string,
    parameters: readonly Parameter[],
    { values, named }: PyArguments,
    scope: Scope,
    caller: PyValue | null,
  ): Scope {
    const inner = new Scope(scope);
    const rest = new Map(named);
    const called = rest.get('caller') ?? caller;
    if (called !== null) inner.set('caller', called);
    rest.delete('caller');
    for (const [at, { name: parameter, otherwise }] of parameters.entries()) {
      const given = at < values.length ? values[at] : rest.get(parameter);
      rest.delete(parameter);
      if (given !== undefined) inner.set(parameter, given);
      else if (otherwise !== null) inner.set(parameter, this.#value(otherwise, inner, 0));
      else inner.set(parameter, new Missing(`parameter '${parameter}' was not provided`));
    }
    inner.set('varargs', new PyTuple(values.slice(parameters.length)));
    inner.set('kwargs', new PyDict([...rest]));
    if (name === 'caller' && values.length > parameters.length)
      throw new TemplateFault(`macro 'caller' takes not more than ${parameters.length} argument(s)`);
    return inner;
  }

  #callBlock(node: Statement & { readonly kind: 'call-block' }, scope: Scope): void {
    const caller = this.#macro('caller', node.parameters, node.body, scope);
    const { call } = node;
    if (call.kind !== 'call') throw new TemplateFault('expected call', node.line);
    const callee = this.#value(call.callee, scope, node.line);
    const given = this.#evaluator.arguments(call.given, scope);
    const named = new Map([...given.named, ['caller', caller] as const]);
    this.#write(toText(this.#evaluator.call(callee, { values: given.values, named }, node.line)));
  }
}

/** Puts a value where a target says. @throws TemplateFault. */
function assign(target: Target, value: PyValue, scope: Scope): void {
  if (target.kind === 'name') scope.set(target.name, value);
  else if (target.kind === 'member') {
    const of = scope.get(target.of);
    if (!(of instanceof PyObject) || of.assign === null)
      throw new TemplateFault('cannot assign attribute on non-namespace object');
    of.assign(target.name, value);
  } else {
    const items = itemsOf(value);
    const wanted = target.items.length;
    if (items.length > wanted) throw new TemplateFault(`too many values to unpack (expected ${wanted})`);
    if (items.length < wanted)
      throw new TemplateFault(`not enough values to unpack (expected ${wanted}, got ${items.length})`);
    target.items.forEach((part, index) => assign(part, items[index] ?? null, scope));
  }
}

import { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja';
import { invalidModel } from '../gguf/invalid-model.ts';

/** Renders with the variables of a conversation. */
export type Renderer = (variables: Readonly<Record<string, unknown>>) => string;

/** Longest template that is read; published ones have up to 20,000 characters. */
const MAX_TEMPLATE = 262_144;
/** Steps of evaluation after which a template counts as endless, and letters it may write. */
const MAX_STEPS = 1_000_000;
const MAX_OUTPUT = 4 * 1024 * 1024;
const MAX_RANGE = 10_000;
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** An interpreter that counts its steps, because a template is code from a file that somebody published. */
class BoundedInterpreter extends Interpreter {
  #steps = 0;

  override evaluate(
    ...[node, scope]: Parameters<Interpreter['evaluate']>
  ): ReturnType<Interpreter['evaluate']> {
    this.#steps += 1;
    if (this.#steps > MAX_STEPS) throw new RangeError(`it takes more than ${MAX_STEPS} steps`);
    const value = super.evaluate(node, scope);
    const inner: unknown = value.value;
    const length = typeof inner === 'string' || Array.isArray(inner) ? inner.length : 0;
    if (length > MAX_OUTPUT) throw new RangeError(`it makes a text of ${length} characters`);
    return value;
  }
}

/**
 * Reads a chat template in Jinja.
 * @param now - What `strftime_now` tells.
 * @returns Renders; throws `engine/model-invalid` for a template that fails, refuses the conversation, or does not end.
 * @throws UnderstudyError `engine/model-invalid` for what is no template.
 */
export function compileTemplate(source: string, now: () => Date): Renderer {
  if (source.length > MAX_TEMPLATE) {
    throw invalidModel(
      `The chat template has ${source.length} characters; at most ${MAX_TEMPLATE} are read.`,
    );
  }
  const program = guarded('cannot be read', () =>
    parse(tokenize(source, { lstrip_blocks: true, trim_blocks: true })),
  );
  return (variables) => {
    return guarded('cannot be rendered', () => {
      const scope = new Environment();
      for (const [name, value] of Object.entries({ ...globals(now), ...variables })) scope.set(name, value);
      const { value } = new BoundedInterpreter(scope).run(program);
      if (typeof value !== 'string') throw new TypeError('it gives no text');
      return value;
    });
  };
}

function guarded<Result>(what: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalidModel(`The chat template ${what}: ${reason.slice(0, 200)}.`);
  }
}

function globals(now: () => Date): Record<string, unknown> {
  return {
    true: true,
    false: false,
    none: null,
    True: true,
    False: false,
    None: null,
    raise_exception(reason: unknown) {
      throw new Error(String(reason));
    },
    range,
    strftime_now: (format: unknown) => formatTime(now(), String(format)),
  };
}

function range(first: unknown, last?: unknown, by: unknown = 1): number[] {
  const [start, stop, step] = last === undefined ? [0, Number(first), 1] : [first, last, by].map(Number);
  const count = Math.max(0, Math.ceil(((stop ?? 0) - (start ?? 0)) / (step ?? 1)));
  if (!(count <= MAX_RANGE)) throw new RangeError(`it counts to more than ${MAX_RANGE}`);
  return Array.from({ length: count }, (_, index) => (start ?? 0) + index * (step ?? 1));
}

/** The parts of strftime that chat templates use: a date, in UTC. */
function formatTime(date: Date, format: string): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const parts: Readonly<Record<string, string>> = {
    d: two(date.getUTCDate()),
    m: two(date.getUTCMonth() + 1),
    b: MONTHS[date.getUTCMonth()] ?? '',
    Y: String(date.getUTCFullYear()),
    H: two(date.getUTCHours()),
    M: two(date.getUTCMinutes()),
    S: two(date.getUTCSeconds()),
    B: new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' }).format(date),
    A: new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'UTC' }).format(date),
  };
  return format.replaceAll(/%([a-zA-Z])/g, (whole, name: string) => parts[name] ?? whole);
}

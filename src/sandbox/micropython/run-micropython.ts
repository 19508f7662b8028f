import { UnderstudyError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { rewritePython } from '../python/rewrite-python.ts';
import { createHostFunctions } from './host-functions.ts';
import { PythonRaised, startMicroPython } from './micropython-instance.ts';
import { PYTHON_SOURCES } from './modules.ts';
import { pythonMessage } from './python-message.ts';
import { HOST_MODULE, OWN_MODULE, PRELUDE } from './prelude.ts';

/** What MicroPython runs. */
export interface MicroPythonRun {
  readonly source: string;
  /** Modules that the source imports. */
  readonly modules: readonly string[];
  readonly inputs: JsonObject;
  readonly memoryBytes: number;
}

/** Offsets of an object of Python in words: a dict is its type, then flags, size and entries of its map. */
const DICT_MAP_AT = 1;
const MAP_WORDS = 3;
const USED_SHIFT = 3;
const FIXED_ORDERED = 0b110;

/**
 * Calls `main` of a source in a fresh interpreter and gives what it returns, as JSON text.
 * @throws UnderstudyError `sandbox/failed`, `sandbox/out-of-memory`, `sandbox/unsupported`.
 */
export async function runMicroPython(program: WebAssembly.Module, run: MicroPythonRun): Promise<string> {
  const results: string[] = [];
  const python = await startMicroPython(program, {
    hostModule: HOST_MODULE,
    memoryBytes: run.memoryBytes,
    functions: {
      ...createHostFunctions(),
      inputs: () => JSON.stringify(run.inputs),
      give: (json) => {
        if (typeof json === 'string') results.push(json);
        return null;
      },
      source: (name) => PYTHON_SOURCES.get(typeof name === 'string' ? name : '') ?? '',
      /** Adds the entries of one dict to that of a built-in type, whose table is constant. */
      extend: (target, added) => {
        if (typeof target !== 'number' || typeof added !== 'number') return null;
        const first = python.words();
        const at = target / 4 + DICT_MAP_AT;
        const from = added / 4 + DICT_MAP_AT;
        const entries = [...entriesAt(first, from), ...entriesAt(first, at)];
        const unique = entries.filter(
          ([key], index) => entries.findIndex(([other]) => other === key) === index,
        );
        const table = python.allocate(unique.length * 8);
        const words = python.words();
        unique.forEach(([key, value], index) => words.set([key, value], table / 4 + index * 2));
        words.set([(unique.length << USED_SHIFT) | FIXED_ORDERED | 1, unique.length, table], at);
        return null;
      },
    },
  });
  const installs = run.modules.filter((name) => PYTHON_SOURCES.has(name));
  const lines = installs.map((name) => `_sandbox.install('${name}', _host.source('${name}'))`);
  try {
    python.exec(PRELUDE);
    python.exec(
      [`import ${HOST_MODULE}, ${OWN_MODULE}`, ...lines, `del ${HOST_MODULE}, ${OWN_MODULE}`].join('\n'),
    );
    python.exec(rewritePython(run.source));
    python.exec(`import ${OWN_MODULE}\n${OWN_MODULE}.call(main)`);
  } catch (error) {
    throw explain(error);
  }
  const result = results.at(-1);
  if (result === undefined) throw new UnderstudyError('sandbox/failed', 'The code gave no result.');
  return result;
}

function entriesAt(words: Uint32Array, map: number): readonly (readonly [number, number])[] {
  const [flags = 0, , table = 0] = words.subarray(map, map + MAP_WORDS);
  const count = flags >>> USED_SHIFT;
  return Array.from({ length: count }, (_, index) => {
    const [key = 0, value = 0] = words.subarray(table / 4 + index * 2, table / 4 + index * 2 + 2);
    return [key, value];
  });
}

/** Turns what came out of an interpreter into one of our codes. */
function explain(error: unknown): unknown {
  if (error instanceof PythonRaised) {
    const lines = error.traceback.trim().split('\n');
    const [, type = '', message = ''] = /^(\w+): ([\s\S]*)$/.exec(lines.at(-1) ?? '') ?? [];
    const words = type === '' ? (lines.at(-1) ?? '') : `${type}: ${pythonMessage(message)}`;
    // The innermost place that is the owner's: his text is the only one that runs as a file.
    const places = [...error.traceback.matchAll(/File "<stdin>", line (\d+), in (?!_prepare|call|encode)/g)];
    const line = Number(places.at(-1)?.[1] ?? 0);
    const facts = { error: words, line };
    if (error.type === 'MemoryError')
      return new UnderstudyError('sandbox/out-of-memory', 'The code used more memory than it may.', {
        facts,
      });
    if (error.type === 'ImportError')
      return new UnderstudyError('sandbox/unsupported', `Python cannot import a module (${words}).`, {
        facts,
      });
    return new UnderstudyError('sandbox/failed', `Python failed in line ${line}: ${words}.`, { facts });
  }
  // The host's own stack is used up, or the program trapped.
  if (error instanceof RangeError || error instanceof WebAssembly.RuntimeError)
    return new UnderstudyError('sandbox/failed', 'The code went too deep.', {
      facts: { error: error.message, line: 0 },
    });
  return error;
}

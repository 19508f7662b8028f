import type { Json } from '../contracts/json.ts';
import { isJson } from '../contracts/json.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import type { CodeRequest, Sandbox } from '../contracts/sandbox.ts';
import type { SandboxPlatform } from './sandbox-platform.ts';
import { createCodeThreads } from './thread/code-threads.ts';
import { createPrograms } from './thread/programs.ts';

const DEFAULT_TIMEOUT_MS = 5000;
const MOST_TIMEOUT_MS = 60_000;
const DEFAULT_MEMORY_BYTES = 64 * 1024 * 1024;
const LEAST_MEMORY_BYTES = 1024 * 1024;
const MOST_MEMORY_BYTES = 512 * 1024 * 1024;
/** A longer source is no code step. */
const MOST_SOURCE_LENGTH = 400_000;

/** Limits with every value set. */
interface Limits {
  readonly timeoutMs: number;
  readonly memoryBytes: number;
}

const within = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));

/** Makes the sandbox of a platform; nothing is loaded before it is first used. */
export function createSandbox(platform: SandboxPlatform): Sandbox {
  const programs = createPrograms(platform);
  const threads = createCodeThreads(platform, programs);
  const runText = async (
    request: CodeRequest,
    limits: Limits,
    signal: AbortSignal | null,
  ): Promise<string> => {
    const { runtime, source, inputs } = request;
    // JavaScript can be stopped from within: without threads it runs here.
    if (runtime !== 'quickjs' || platform.startThread !== null)
      return threads.run(runtime, request, limits, signal);
    const { runQuickJs } = await import('./quickjs/run-quickjs.ts');
    return runQuickJs(await programs.compiled(runtime), { source, inputs, ...limits });
  };
  return {
    async runCode(request, { signal } = {}) {
      signal?.throwIfAborted();
      if (request.source.length > MOST_SOURCE_LENGTH)
        throw new UnderstudyError('sandbox/failed', 'The code is longer than 400,000 characters.', {
          facts: { error: 'too long', line: 0 },
        });
      const limits = {
        timeoutMs: within(request.limits?.timeoutMs ?? DEFAULT_TIMEOUT_MS, 1, MOST_TIMEOUT_MS),
        memoryBytes: within(
          request.limits?.memoryBytes ?? DEFAULT_MEMORY_BYTES,
          LEAST_MEMORY_BYTES,
          MOST_MEMORY_BYTES,
        ),
      };
      const text = await runText(request, limits, signal ?? null);
      signal?.throwIfAborted();
      return parseResult(text);
    },
    async renderTemplate(source, values) {
      const { renderJinja } = await import('./jinja/render-jinja.ts');
      return renderJinja(source, values);
    },
  };
}

/** Longest result as JSON text. */
const MOST_RESULT_LENGTH = 8 * 1024 * 1024;

function parseResult(text: string): Json {
  const failed = (reason: string): UnderstudyError =>
    new UnderstudyError('sandbox/failed', `The result of the code ${reason}.`, {
      facts: { error: reason, line: 0 },
    });
  if (text.length > MOST_RESULT_LENGTH) throw failed('is longer than 8 MB');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // SyntaxError: NaN and the like.
    throw failed('is no JSON');
  }
  if (!isJson(value)) throw failed('is nested too deeply');
  return value;
}

import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ArtifactReader, Engine, ModelAbility } from '../../../src/contracts/engine.ts';
import { ERROR_REMEDIES, isUnderstudyError, UnderstudyError } from '../../../src/contracts/errors.ts';
import { invalidOnnx } from './invalid-onnx.ts';

/** A system and a user, as the product speaks to models. */
const TRIAL = [
  { role: 'system', content: 'Answer in one word.' },
  { role: 'user', content: 'Hello' },
] as const;

/** Makes the engine that runs ONNX models on WebAssembly, in this process. */
export async function createOnnxEngine(
  read: ArtifactReader,
  model: { readonly modelId: string; readonly ability: ModelAbility },
): Promise<Engine> {
  // Only here: the runtime is large, and most commands need none.
  const { createTransformersEngine } =
    await import('../../../src/engines/transformers/create-transformers-engine.ts');
  const runtimeFolder = dirname(createRequire(import.meta.url).resolve('onnxruntime-web/wasm'));
  return createTransformersEngine({ read, runtimeUrl: `${pathToFileURL(runtimeFolder).href}/`, ...model });
}

/**
 * Starts a model on the runtime that browsers have and lets it write a token: whether that has its operators, and reads tokenizer and chat
 * format, is known only then.
 * @param files - Artifacts by name.
 * @param path - For errors.
 * @throws UnderstudyError `cli/model-invalid` with what the runtime says; the signal's reason when aborted.
 */
export async function tryOnnxModel(
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const read: ArtifactReader = (name) => {
    const bytes = files.get(name);
    return bytes === undefined
      ? Promise.reject(new UnderstudyError('bundle/artifact-invalid', `There is no artifact "${name}".`))
      : Promise.resolve(bytes);
  };
  const engine = await createOnnxEngine(read, { modelId: path, ability: 'general' });
  try {
    await engine.load({ signal });
    for await (const part of engine.generate({ messages: TRIAL, maxTokens: 1 }, { signal }))
      if (part.type === 'end') break;
  } catch (error) {
    signal.throwIfAborted();
    throw invalidOnnx(path, `is not run by Transformers.js: ${reasonOf(error).replace(/\.$/, '')}`, error);
  } finally {
    await engine.dispose();
  }
}

/** What went wrong, without what the engine advises visitors; chat formats throw what they like. */
function reasonOf(error: unknown): string {
  if (isUnderstudyError(error)) return error.message.replace(` ${ERROR_REMEDIES[error.code]}`, '');
  return error instanceof Error ? error.message : String(error);
}

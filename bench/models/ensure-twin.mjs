import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../.ci/steps.mjs';

/**
 * Writes the twin of a GGUF file for Transformers.js, unless it is there.
 *
 * @param {object} wanted
 * @param {string} wanted.root Of the project.
 * @param {string} wanted.gguf
 * @param {string} wanted.onnxFolder Where it goes.
 * @param {(line: string) => void} wanted.report
 */
export async function ensureTwin({ root, gguf, onnxFolder, report }) {
  if (existsSync(join(onnxFolder, 'onnx/model_quantized.onnx'))) return;
  report(`writing the ONNX twin of ${gguf}`);
  const writer = join(import.meta.dirname, 'write-onnx.mjs');
  await runCommand(process.execPath, ['--import', 'tsx', writer, gguf, onnxFolder], { cwd: root });
}

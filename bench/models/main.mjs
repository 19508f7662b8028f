/**
 * Writes a GGUF file of random weights:
 *
 *   node bench/models/main.mjs FILE --shape s30 --type Q8_0 [--architecture qwen2] [--layers 2] [--seed words]
 *
 * Types are F32, F16, BF16, Q8_0, Q4_0, Q4_K, Q5_K and Q6_K; each size of the shape can be named (`--width`, `--heads`,
 * `--keyHeads`, `--feedForward`, `--vocabulary`, `--contextTokens`, `--ropeBase`), and `--untied` gives an output matrix.
 */
import { parseArgs } from 'node:util';
import { BLOCK_TYPES } from './blocks.mjs';
import { parameterCount, SHAPES } from './shapes.mjs';
import { writeGguf } from './write-gguf.mjs';

const EXIT_USAGE = 64;
const SIZES = [
  'width',
  'layers',
  'heads',
  'keyHeads',
  'feedForward',
  'vocabulary',
  'contextTokens',
  'ropeBase',
];

const text = { type: 'string' };
const { values, positionals } = parseArgs({
  options: {
    shape: { ...text, default: 's30' },
    type: { ...text, default: 'Q8_0' },
    architecture: text,
    seed: text,
    untied: { type: 'boolean', default: false },
    ...Object.fromEntries(SIZES.map((name) => [name, text])),
  },
  allowPositionals: true,
});
const [path] = positionals;
const fault =
  path === undefined || positionals.length > 1
    ? 'Name the file to write.'
    : !(values.type in BLOCK_TYPES)
      ? `There is no type ${values.type}: ${Object.keys(BLOCK_TYPES).join(', ')}.`
      : !(values.shape in SHAPES)
        ? `There is no shape ${values.shape}: ${Object.keys(SHAPES).join(', ')}.`
        : null;
if (fault === null) {
  const sizes = SIZES.filter((name) => values[name] !== undefined).map((name) => [
    name,
    Number(values[name]),
  ]);
  const shape = {
    ...SHAPES[values.shape],
    ...Object.fromEntries(sizes),
    ...(values.architecture === undefined ? {} : { architecture: values.architecture }),
    ...(values.untied ? { tied: false } : {}),
  };
  await writeGguf(path, { shape, type: values.type, seed: values.seed });
  console.log(`${path}: ${(parameterCount(shape) / 1e6).toFixed(1)} M weights, ${values.type}`);
} else {
  console.error(fault);
  process.exitCode = EXIT_USAGE;
}

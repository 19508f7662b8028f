import type { CatalogueModel, ModelFormat } from '../../src/contracts/model-catalogue.ts';
import { enginesOf } from './engine-fit.ts';

/** A file of a repository. */
export interface ListedFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** Hexadecimal; null for small files, which are kept without. */
  readonly sha256: string | null;
}

/** Up to this size eight bits a weight are worth their bytes: small models lose most by fewer. */
const SMALL_BYTES = 400e6;
/** Encodings of larger models, the preferred first. */
const PREFERRED = [
  'Q4_K_M',
  'Q4_K_S',
  'Q4_0',
  'Q5_0',
  'Q5_K_M',
  'Q5_K_S',
  'Q6_K',
  'Q8_0',
  'F16',
  'BF16',
  'F32',
];
const QUANTIZATION = /[-._](i?q\d[0-9a-z_]*|bf16|fp?16|fp?32)\.gguf$/i;

/**
 * Chooses among the files of a repository the one to pack: of the quantization that is wanted, else in Q8_0 where that is small, else the
 * first of the encodings of about half that size and of finer ones that the kernel reads. Null when none fits.
 * @param wanted - As a file calls it, such as `Q4_K_M`; null: any that the kernel reads.
 */
export function chooseListedFile(
  model: CatalogueModel,
  format: ModelFormat,
  files: readonly ListedFile[],
  wanted: string | null,
  maxBytes: number,
): ListedFile | null {
  const found = new Map<string, ListedFile>();
  for (const file of files) {
    const quantization = quantizationOf(file.path);
    if (quantization === null || file.sizeBytes > maxBytes || found.has(quantization)) continue;
    const from = ['listing of the repository'];
    const told: ModelFormat = { ...format, quantization: { value: quantization, from } };
    if (enginesOf(model, told).includes('kernel')) found.set(quantization, file);
  }
  if (wanted !== null) return found.get(encodingName(wanted)) ?? null;
  const fine = found.get('Q8_0');
  if (fine !== undefined && fine.sizeBytes <= SMALL_BYTES) return fine;
  const name = PREFERRED.find((quantization) => found.has(quantization));
  return name === undefined ? null : (found.get(name) ?? null);
}

/** How a file calls its encoding; null for files that are no whole model. */
function quantizationOf(path: string): string | null {
  // Parts of a split model, and what belongs to images or to quantizing.
  if (/-\d{5}-of-\d{5}\.gguf$|mmproj|imatrix/i.test(path)) return null;
  const [, name] = QUANTIZATION.exec(path) ?? [];
  return name === undefined ? null : encodingName(name);
}

function encodingName(name: string): string {
  return name.toUpperCase().replace(/^FP/, 'F');
}

import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { fetchKernel, loadModel, openKernel, pushFile } from '../../../test/fixtures/kernel-builds.ts';
import { packModel } from '../../../test/fixtures/packed-model.ts';
import { MATRIX_FACTS, MATRIX_TYPES, seededRandom } from '../../../test/fixtures/quantized-rows.ts';
import type { MatrixType } from '../../../test/fixtures/quantized-rows.ts';
import { randomWeights } from '../../../test/fixtures/random-weights.ts';
import type { RandomModelOptions, RandomModelParts } from '../../../test/fixtures/random-model.ts';
import { randomModel, randomModelParts } from '../../../test/fixtures/random-model.ts';
import { UnderstudyError } from '../../contracts/errors.ts';
import { openGguf } from '../gguf/gguf-file.ts';
import { tensorType } from '../gguf/tensor-type.ts';
import type { WrittenValue } from '../gguf/write-gguf.ts';
import { writeGguf } from '../gguf/write-gguf.ts';
import { KernelDecoder } from './kernel-decoder.ts';
import { ModelLoader } from './model-loader.ts';

const MIB = 2 ** 20;
const SMALL: RandomModelOptions = { architecture: 'llama', type: 'Q8_0', layers: 1 };

interface Outcome {
  readonly code: string | null;
  readonly message: string;
  /** Bytes of the kernel's memory when all was over. */
  readonly sizeBytes: number;
}

/** Loads a file as an engine does and says how it went; anything but a coded error is a failure of the test. */
async function outcomeOf(
  file: Uint8Array,
  { contextTokens = 2048, fileBytes = file.length, pieceBytes = 1000 } = {},
): Promise<Outcome> {
  const { arena, kernel } = await openKernel(fetchKernel, 'plain');
  const held = (): number => arena.sizeBytes;
  try {
    const loader = new ModelLoader({ arena, kernel, fileBytes, contextTokens, threads: 1 });
    const weights = pushFile(loader, file, pieceBytes);
    kernel.attach(weights.image.model, 1, 0);
    return { code: null, message: '', sizeBytes: held() };
  } catch (error) {
    if (!(error instanceof UnderstudyError)) throw error;
    return { code: error.code, message: error.message, sizeBytes: held() };
  }
}

/** Expects a refusal in words that name what is wrong, within the file's own size and 16 MiB. */
async function expectRefusal(file: Uint8Array, words: RegExp, options = {}): Promise<void> {
  const { code, message, sizeBytes } = await outcomeOf(file, options);
  expect(code, message).to.equal('engine/model-invalid');
  expect(message).to.match(words);
  expect(sizeBytes).to.be.at.most(file.length + 16 * MIB);
}

/** A model with other values of the metadata. */
function withValues(
  values: Readonly<Record<string, WrittenValue>>,
  options: RandomModelOptions = SMALL,
): Uint8Array {
  const { metadata, tensors } = randomModelParts(options);
  const kept = metadata.filter(([key]) => !(key in values));
  return writeGguf([...kept, ...Object.entries(values)], tensors);
}

/** A model with its tensors changed. */
function withTensors(
  change: (tensors: RandomModelParts['tensors']) => RandomModelParts['tensors'],
  options: RandomModelOptions = SMALL,
): Uint8Array<ArrayBuffer> {
  const { metadata, tensors } = randomModelParts(options);
  return writeGguf(metadata, change(tensors));
}

/** A model with some bytes of one tensor changed. */
function withBytes(
  name: string,
  change: (view: DataView<ArrayBuffer>) => void,
  options: RandomModelOptions = SMALL,
): Uint8Array<ArrayBuffer> {
  return withTensors(
    (tensors) =>
      tensors.map((tensor) => {
        if (tensor.name !== name) return tensor;
        const bytes = tensor.bytes.slice();
        change(new DataView(bytes.buffer));
        return { ...tensor, bytes };
      }),
    options,
  );
}

async function logitsAfter(
  file: Uint8Array,
  tokens: readonly number[],
  pieceBytes?: number,
): Promise<Float32Array> {
  const { arena, kernel, weights } = await loadModel(
    fetchKernel,
    file,
    pieceBytes === undefined ? {} : { pieceBytes },
  );
  const decoder = new KernelDecoder(arena, kernel, weights);
  await decoder.readPrompt(tokens);
  return decoder.logits.slice();
}

describe('the model loader', () => {
  it('gives the same model from pieces of any size, single bytes among them', async () => {
    const file = randomModel({ ...SMALL, width: 32, heads: 2, keyHeads: 1, feedForward: 32 });
    const wanted = await logitsAfter(file, [1, 2, 3]);
    for (const pieceBytes of [1, 7, 4096, file.length - 1]) {
      expect(await logitsAfter(file, [1, 2, 3], pieceBytes), String(pieceBytes)).to.deep.equal(wanted);
    }
  });

  it('takes tensors in any order and with surplus dimensions of one', async () => {
    const wanted = await logitsAfter(randomModel(SMALL), [1, 2, 3]);
    const reversed = withTensors((tensors) => tensors.toReversed());
    expect(await logitsAfter(reversed, [1, 2, 3])).to.deep.equal(wanted);
    const deep = withTensors((tensors) =>
      tensors.map((tensor) => ({ ...tensor, dims: [...tensor.dims, 1] })),
    );
    expect(await logitsAfter(deep, [1, 2, 3])).to.deep.equal(wanted);
  });

  it('takes norms in half precision and brain floats', async () => {
    const recode = (name: 'F16' | 'BF16', bits: number): Uint8Array =>
      withTensors((tensors) =>
        tensors.map((tensor) => {
          if (tensor.dims.length > 1) return tensor;
          const bytes = new Uint8Array(new Uint16Array(tensor.dims[0] ?? 0).fill(bits).buffer);
          return { ...tensor, type: tensorType(name), bytes };
        }),
      );
    const halves = await logitsAfter(recode('F16', 0x3e00), [1, 2, 3]);
    expect(halves).to.deep.equal(await logitsAfter(recode('BF16', 0x3fc0), [1, 2, 3]));
  });

  it('holds a model in its weights, a cache that was used, and a bounded rest', async () => {
    for (const architecture of ['llama', 'qwen2', 'bert'] as const) {
      const file = randomModel({ architecture, type: 'Q8_0', vocabulary: 20_000 });
      const { code, sizeBytes } = await outcomeOf(file);
      expect(code).to.be.null;
      expect(sizeBytes, architecture).to.be.below(1.15 * file.length + 5 * MIB);
    }
  });

  describe('refuses', () => {
    it('a file that ends early, at each boundary and beside it', async () => {
      const file = randomModel({ ...SMALL, width: 32, heads: 2, keyHeads: 1, feedForward: 32 });
      const { tensors, dataOffset, headerBytes } = openGguf(file);
      const boundaries = [...tensors.values()].flatMap(({ offset, sizeBytes }) => [
        offset,
        offset + sizeBytes,
      ]);
      const last = Math.max(...boundaries);
      const ends = [0, 4, 8, 16, 24, headerBytes, dataOffset, ...boundaries]
        .flatMap((end) => [end - 1, end, end + 1])
        .filter((end) => end >= 0 && end < last);
      for (const end of ends) {
        const cut = file.subarray(0, end);
        await expectRefusal(cut, /./);
        await expectRefusal(cut, /./, { fileBytes: file.length });
      }
    });

    it('a file cut anywhere', async () => {
      const file = randomModel(SMALL);
      const { tensors } = openGguf(file);
      const last = Math.max(...[...tensors.values()].map(({ offset, sizeBytes }) => offset + sizeBytes));
      await fc.assert(
        fc.asyncProperty(fc.nat(last - 1), fc.boolean(), async (end, isAnnounced) => {
          await expectRefusal(file.subarray(0, end), /./, isAnnounced ? { fileBytes: file.length } : {});
        }),
        { seed: 5, numRuns: 30 },
      );
    });

    it('more bytes than were announced', async () => {
      const file = randomModel(SMALL);
      await expectRefusal(file, /more than the|reaches past the end/, { fileBytes: file.length - 40 });
      await expectRefusal(new Uint8Array([...file, ...new Uint8Array(100)]), /more than the/, {
        fileBytes: file.length,
      });
    });

    it('a missing tensor, whichever', async () => {
      for (const architecture of ['llama', 'qwen2', 'bert'] as const) {
        const options = { ...SMALL, architecture };
        const optional = /^(output\.weight|rope_freqs\.weight|token_types\.weight)$/;
        const isOptional = (name: string): boolean =>
          optional.test(name) || (architecture !== 'bert' && name.endsWith('.bias'));
        for (const { name } of randomModelParts(options).tensors) {
          const file = withTensors((tensors) => tensors.filter((tensor) => tensor.name !== name), options);
          if (isOptional(name)) expect((await outcomeOf(file)).code, name).to.be.null;
          else await expectRefusal(file, /has no tensor|has shape/);
        }
      }
    });

    it('a tensor it does not know: a model that has more than what is computed would answer wrongly', async () => {
      const extra = randomModelParts(SMALL).tensors.find(({ name }) => name === 'output_norm.weight');
      for (const name of [
        'blk.0.attn_q_norm.weight',
        'blk.1.ffn_up.weight',
        'output.bias',
        'output_norm.weight2',
      ]) {
        const file = withTensors((tensors) => [
          ...tensors,
          ...(extra === undefined ? [] : [{ ...extra, name }]),
        ]);
        await expectRefusal(file, /does not use/);
      }
    });

    it('each tensor in a shape that is not the model’s', async () => {
      for (const architecture of ['llama', 'bert'] as const) {
        const options = { ...SMALL, architecture };
        const random = seededRandom(1);
        for (const { name } of randomModelParts(options).tensors) {
          if (['token_embd.weight', 'position_embd.weight'].includes(name)) continue;
          const file = withTensors(
            (tensors) =>
              tensors.map((tensor) => {
                if (tensor.name !== name) return tensor;
                const dims =
                  tensor.dims.length === 1 ? [(tensor.dims[0] ?? 0) + 32] : [...tensor.dims].reverse();
                const square = dims[0] === dims[1] ? [dims[0] ?? 0, (dims[1] ?? 0) + 8] : dims;
                const [columns = 0, rows = 1] = square;
                const type: MatrixType = columns % 32 === 0 && square.length > 1 ? 'Q8_0' : 'F32';
                const row = randomWeights(type, columns, 0.1, random);
                const bytes = new Uint8Array(row.length * rows);
                for (let index = 0; index < rows; index += 1) bytes.set(row, index * row.length);
                return { name, dims: square, type: tensorType(type), bytes };
              }),
            options,
          );
          await expectRefusal(file, /has shape/);
        }
      }
    });

    for (const type of MATRIX_TYPES) {
      it(`weights and scales in ${type} that are no numbers, in published files and in packed ones`, async () => {
        const options: RandomModelOptions = { architecture: 'llama', type, layers: 1 };
        const isF32 = type === 'F32';
        const name = 'blk.0.ffn_down.weight';
        const spoil = (at: number): ((view: DataView) => void) => {
          return (view) => {
            if (isF32) view.setUint32(at, 0x7fc00000, true);
            else view.setUint16(at, type === 'BF16' ? 0x7fc0 : 0x7c00, true);
          };
        };
        const { bytes } = MATRIX_FACTS[type];
        await expectRefusal(withBytes(name, spoil(type === 'Q6_K' ? 208 : 0), options), /no number/);
        const last =
          (randomModelParts(options).tensors.find((one) => one.name === name)?.bytes.length ?? 0) - bytes;
        await expectRefusal(
          withBytes(name, spoil(type === 'Q6_K' ? last + 208 : last), options),
          /no number/,
        );

        const packed = packModel(await openKernel(fetchKernel, 'plain'), randomModel(options));
        expect((await outcomeOf(packed)).code).to.be.null;
        const place = openGguf(packed).tensors.get(name);
        const view = new DataView(packed.buffer);
        const end = (place?.offset ?? 0) + (place?.sizeBytes ?? 0);
        const step = MATRIX_FACTS[type].packed * 8;
        for (const at of [place?.offset ?? 0, end - step + (isF32 ? 28 : 14)]) {
          const spoiled = packed.slice();
          spoil(at)(new DataView(spoiled.buffer));
          expect(view.byteLength).to.equal(spoiled.length);
          await expectRefusal(spoiled, /no number/);
        }
      });
    }

    for (const type of ['Q8_0', 'Q4_0'] as const) {
      it(`scales in ${type} of 64 and more`, async () => {
        const file = withBytes('token_embd.weight', (view) => view.setUint16(0, 0x5400, true), {
          ...SMALL,
          type,
        });
        await expectRefusal(file, /64 or more/);
      });
    }

    it('norms, biases and factors that are no numbers, quantized, or turn positions by nothing', async () => {
      const nan = (view: DataView): void => view.setUint32(4, 0x7fc00000, true);
      await expectRefusal(withBytes('output_norm.weight', nan), /no number/);
      const qwen: RandomModelOptions = { ...SMALL, architecture: 'qwen2' };
      await expectRefusal(withBytes('blk.0.attn_k.bias', nan, qwen), /no number/);
      const factors: RandomModelOptions = { ...SMALL, hasRopeFactors: true };
      expect((await outcomeOf(randomModel(factors))).code).to.be.null;
      for (const value of [0, -1, -0]) {
        const file = withBytes('rope_freqs.weight', (view) => view.setFloat32(0, value, true), factors);
        await expectRefusal(file, /not positive/);
      }
      const random = seededRandom(2);
      const quantized = withTensors((tensors) =>
        tensors.map((tensor) =>
          tensor.name === 'output_norm.weight'
            ? { ...tensor, type: tensorType('Q8_0'), bytes: randomWeights('Q8_0', 96, 0.1, random) }
            : tensor,
        ),
      );
      await expectRefusal(quantized, /is a vector in Q8_0/);
    });

    for (const [key, values, words] of [
      ['general.architecture', ['mamba', '', { u32: 1 }], /mamba|a ""|expected/],
      ['llama.embedding_length', [{ u32: 0 }, { u32: 95 }, { u32: 2 ** 31 }, { f32: 96.5 }, 'wide'], /./],
      ['llama.block_count', [{ u32: 0 }, { u32: 2 }, { u32: 257 }, { u64: 2 ** 52 }, { i32: -1 }], /./],
      ['llama.attention.head_count', [{ u32: 0 }, { u32: 7 }, { u32: 512 }, { u32: 2 ** 32 - 1 }], /./],
      ['llama.attention.head_count_kv', [{ u32: 0 }, { u32: 4 }, { u32: 512 }, { i32s: [2, 2] }], /./],
      ['llama.attention.key_length', [{ u32: 0 }, { u32: 12 }, { u32: 24 }, { u32: 513 }], /./],
      ['llama.attention.value_length', [{ u32: 8 }, { u32: 513 }], /./],
      ['llama.feed_forward_length', [{ u32: 0 }, { u32: 161 }, { u32: 2 ** 31 }], /./],
      ['llama.rope.dimension_count', [{ u32: 0 }, { u32: 3 }, { u32: 18 }, { u32: 512 }], /./],
      ['llama.rope.freq_base', [{ f32: 0 }, { f32: -1 }, { f32: NaN }, { f32: Infinity }], /./],
      ['llama.attention.layer_norm_rms_epsilon', [{ f32: 0 }, { f32: -1 }, { f32: NaN }, { f32: 1 }], /./],
      ['llama.context_length', [{ u32: 0 }, { u32: 2 ** 25 }], /./],
      ['understudy.packed', [{ u32: 2 }, 'new'], /understudy\.packed/],
      ['llama.rope.scaling.type', ['yarn', 'longrope'], /scales its positions/],
    ] as const) {
      it(`${key} without sense`, async () => {
        for (const value of values) await expectRefusal(withValues({ [key]: value }), words);
      });
    }

    it('heads so wide that four tokens take more memory than the file and its allowance', async () => {
      const wide: RandomModelOptions = { ...SMALL, width: 32, heads: 512, keyHeads: 512, headWidth: 512 };
      const small = randomModelParts({ ...SMALL, width: 32, heads: 2, keyHeads: 1, headWidth: 16 });
      const random = seededRandom(1);
      const row = randomWeights('Q4_0', 32, 0.1, random);
      const columns = wide.heads === undefined ? 0 : wide.heads * (wide.headWidth ?? 0);
      const filled = (length: number): Uint8Array<ArrayBuffer> => {
        const bytes = new Uint8Array(length);
        for (let at = 0; at < length; at += row.length) bytes.set(row, at);
        return bytes;
      };
      const tensors = small.tensors.map((tensor) => {
        if (!/attn_(q|k|v|output)\.weight/.test(tensor.name)) return tensor;
        const dims = tensor.name.includes('output') ? [columns, 32] : [32, columns];
        return { ...tensor, dims, type: tensorType('Q4_0'), bytes: filled(columns * row.length) };
      });
      const sizes: Record<string, WrittenValue> = {
        'llama.attention.head_count': { u32: 512 },
        'llama.attention.head_count_kv': { u32: 512 },
        'llama.attention.key_length': { u32: 512 },
        'llama.attention.value_length': { u32: 512 },
        'llama.rope.dimension_count': { u32: 512 },
      };
      const kept = small.metadata.filter(([key]) => !(key in sizes));
      await expectRefusal(writeGguf([...kept, ...Object.entries(sizes)], tensors), /too wide/);
    });
  });

  it('takes a context of 2^24 tokens from the metadata without taking memory for it', async () => {
    const file = withValues({ 'llama.context_length': { u32: 2 ** 24 } });
    const { code, sizeBytes } = await outcomeOf(file);
    expect(code).to.be.null;
    expect(sizeBytes).to.be.at.most(file.length + 16 * MIB);
  });

  it('takes the epsilon of BERT, which is a little less than 1e-12 as a single', async () => {
    expect(Math.fround(1e-12)).to.be.below(1e-12);
    expect((await outcomeOf(randomModel({ ...SMALL, architecture: 'bert' }))).code).to.be.null;
  });

  it('survives mutated files: it loads them or refuses them with a code, and takes no more memory than it may', async () => {
    const files = (['llama', 'qwen2', 'bert'] as const).map((architecture) =>
      randomModel({
        architecture,
        type: 'Q4_0',
        layers: 1,
        width: 32,
        heads: 2,
        keyHeads: 1,
        feedForward: 32,
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.nat(files.length - 1),
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), {
          minLength: 1,
          maxLength: 8,
        }),
        async (which, changes) => {
          const file = Uint8Array.from(files[which] ?? []);
          // Half of the changes fall into the first kilobyte, where the lengths are.
          for (const [place, byte] of changes) {
            const span = byte % 2 === 0 ? 1024 : file.length - 1;
            file[Math.floor(place * span)] = byte;
          }
          const { sizeBytes } = await outcomeOf(file, { pieceBytes: 4096 });
          expect(sizeBytes).to.be.at.most(file.length + 16 * MIB);
        },
      ),
      { seed: 9, numRuns: 100 },
    );
  });
});

import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { compileKernel } from '../generator/kernel-files.ts';
import { openModelFile } from '../generator/open-model-file.ts';
import { packModel } from '../../src/kernel/model/pack-model.ts';
import { formatSize } from '../terminal/format-size.ts';
import type { Command } from './command.ts';
import { onePositional, parseOptions, usageError } from './command.ts';

/** `understudy pack`. */
export const packCommand: Command = {
  name: 'pack',
  summary: 'lay the weights of a GGUF model out for the kernel, so that browsers only copy them',
  help: `Usage: understudy pack MODEL.gguf [options]

Reads F32, F16, BF16, Q8_0, Q4_0, Q5_0, Q4_K, Q5_K and Q6_K of the architectures llama, qwen2 and bert. The result is a GGUF file with the
same metadata and weights of the same precision in our own encodings. "understudy build" does this by itself.

Options:
  --out FILE        where to write (default: MODEL.packed.gguf)
  --json            print one JSON object
  -h, --help        show this text`,
  async run({ args, terminal, signal }) {
    const options = parseOptions(args, { out: { type: 'string' }, json: { type: 'boolean' } });
    const path = onePositional(options, 'a GGUF file');
    const out = options.text('out') ?? `${path.replace(/\.gguf$/i, '')}.packed.gguf`;
    if (resolve(out) === resolve(path)) throw usageError('The packed file cannot be written over the model.');
    const file = await openModelFile(path);
    const fresh = `${out}.${process.pid}.part`;
    try {
      const packed = packModel(file.header, file.read, await compileKernel());
      const target = await open(fresh, 'w');
      try {
        for await (const piece of packed.pieces) {
          signal.throwIfAborted();
          await target.write(piece);
        }
      } finally {
        await target.close();
      }
      await rename(fresh, out);
      const facts = {
        file: out,
        sizeBytes: packed.layout.fileBytes,
        tensors: packed.layout.tensors.length,
        wasPacked: packed.wasPacked,
      };
      if (options.flag('json')) terminal.out(JSON.stringify(facts));
      else terminal.out(`${out}: ${facts.tensors} tensors, ${formatSize(facts.sizeBytes)}`);
      return 0;
    } finally {
      await file.close();
      await rm(fresh, { force: true });
    }
  },
};

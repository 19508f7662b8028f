/** Compiles the kernel's AssemblyScript to WebAssembly, once for each instruction set, into `dist/kernel`. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { distFolder, hashInputs, root } from './prepare.mjs';
import { explainFailure, runCommand } from './steps.mjs';

const SHARED = ['--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536'];
const RELAXED = ['--enable', 'relaxed-simd'];
const BUILDS = {
  plain: [],
  relaxed: RELAXED,
  'plain-shared': SHARED,
  'relaxed-shared': [...RELAXED, ...SHARED],
};
const CONCURRENT = 2;
const KEPT = 3;

const compile = (name, folder) =>
  runCommand(
    process.execPath,
    [
      'node_modules/assemblyscript/bin/asc.js',
      'src/kernel/assembly/index.ts',
      '--outFile',
      join(folder, `understudy-kernel-${name}.wasm`),
      '--enable',
      'simd',
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--importMemory',
      '--initialMemory',
      '1',
      ...BUILDS[name],
    ],
    { cwd: root },
  );

/** Compiles what has changed; the results of the last few versions are kept in the cache. */
export async function buildKernel() {
  const inputs = await hashInputs(['src/kernel/assembly', '.ci/build-kernel.mjs']);
  const { version } = JSON.parse(
    await readFile(join(root, 'node_modules/assemblyscript/package.json'), 'utf8'),
  );
  const key = createHash('sha256').update(`${version}\0${inputs}`).digest('hex').slice(0, 16);
  const cache = join(root, '.cache/kernel');
  const folder = join(cache, key);
  if (!existsSync(folder)) {
    const fresh = `${folder}.${process.pid}`;
    await mkdir(fresh, { recursive: true });
    const waiting = Object.keys(BUILDS);
    await Promise.all(
      Array.from({ length: CONCURRENT }, async () => {
        for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) await compile(name, fresh);
      }),
    );
    const old = (await readdir(cache)).filter((name) => !name.startsWith(key)).slice(KEPT);
    await Promise.all(old.map((name) => rm(join(cache, name), { recursive: true, force: true })));
    await rename(fresh, folder).catch(() => rm(fresh, { recursive: true, force: true }));
  }
  await cp(folder, join(distFolder, 'kernel'), { recursive: true });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await buildKernel().catch((error) => {
    explainFailure(error);
    process.exitCode = 1;
  });
}

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { basename, join } from 'node:path';
import { sampleFolders } from '../node/sample-folder.ts';
import type { CommandRow, Ran } from './command-row.ts';
import { dslRows } from './dsl-rows.ts';
import type { Fault, Outcome } from './fault.ts';
import { pageRows } from './page-rows.ts';

const COMMAND = join(import.meta.dirname, '../../dist/cli/understudy.js');
/** Tells the most memory the process had, in kB, and its processor time, in ms, on a channel of its own when it ends. */
const TELL_USAGE = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from 'node:fs';
  process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    writeSync(3, [maxRSS, (userCPUTime + systemCPUTime) / 1000].join());
  });
`)}`;
const MAX_MS = 2000;
const MAX_BYTES = 300 * 1024 * 1024;
interface Measured extends Ran {
  /** By the clock, or of the processor where that is less: on a machine that does nothing else the clock shows no more than the processor. */
  readonly tookMs: number;
  readonly memoryBytes: number;
}

/** The rows about exported apps and pages, played with the built command in processes of their own. */
export const commandFaults: readonly Fault[] = [...dslRows, ...pageRows].map((row) => ({
  id: row.id,
  name: row.name,
  injection: 'command',
  play: () => playRow(row),
}));

async function playRow(row: CommandRow): Promise<Outcome> {
  const samples = sampleFolders();
  let slowest = { tookMs: 0, what: '' };
  let largest = { memoryBytes: 0, what: '' };
  try {
    const code = await row.play({
      make: (files) => samples.make(files),
      run: async (...args) => {
        const ran = await runBuilt(args);
        const { tookMs, memoryBytes } = ran;
        const what = `${args[0] ?? ''} ${basename(args[1] ?? '')}`;
        if (tookMs > slowest.tookMs) slowest = { tookMs, what };
        if (memoryBytes > largest.memoryBytes) largest = { memoryBytes, what };
        if (args[0] === 'inspect') {
          assert.ok(tookMs < MAX_MS, `${what} took ${String(Math.round(tookMs))} ms`);
          assert.ok(memoryBytes < MAX_BYTES, `${what} took ${inMegabytes(memoryBytes)}`);
        }
        return ran;
      },
    });
    const seconds = (slowest.tookMs / 1000).toFixed(2);
    const remark = `at most ${seconds} s (${slowest.what}) and ${inMegabytes(largest.memoryBytes)} (${largest.what})`;
    return { code, remark };
  } finally {
    samples.removeAll();
  }
}

function runBuilt(args: readonly string[]): Promise<Measured> {
  const startMs = performance.now();
  const child = spawn(process.execPath, ['--import', TELL_USAGE, COMMAND, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  const texts = [1, 2, 3].map((channel) => {
    const parts: Buffer[] = [];
    child.stdio[channel]?.on('data', (part: Buffer) => parts.push(part));
    return () => Buffer.concat(parts).toString();
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      const [out = '', notes = '', usage = ''] = texts.map((text) => text());
      const [memoryKb = Number.NaN, processorMs = Number.NaN] = usage.split(',').map(Number);
      const tookMs = Math.min(performance.now() - startMs, processorMs);
      resolve({ status: status ?? -1, out, notes, tookMs, memoryBytes: memoryKb * 1024 });
    });
  });
}

function inMegabytes(bytes: number): string {
  return `${String(Math.round(bytes / 1024 / 1024))} MB`;
}

import { readFile, readdir } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** Instructions that decide how fast 8-bit products are. */
const TOLD_FLAGS = ['avx2', 'avx_vnni', 'avx512_vnni', 'amx_int8'];

/** One line on the machine: processor, cores, the instructions that matter, memory. */
export async function describeMachine() {
  const info = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  const flags = new Set((/^flags\s*:\s*(.*)$/m.exec(info)?.[1] ?? '').split(' '));
  const told = TOLD_FLAGS.map((flag) => `${flag} ${flags.has(flag) ? 'yes' : 'no'}`).join(', ');
  const [cpu] = cpus();
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
  return `${cpu?.model ?? 'unknown processor'}, ${availableParallelism()} cores, ${info === '' ? process.arch : told}, ${memory}`;
}

/** Load of the last minute: what else the machine does, and what was just measured. */
export const loadOfMinute = () => loadavg()[0].toFixed(2);

/**
 * The most memory that any of some processes held so far; null where the system does not tell (it does on Linux).
 *
 * @param {readonly number[]} processIds
 */
export async function peakBytes(processIds) {
  const peaks = await Promise.all(
    processIds.map(async (id) => {
      const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
      return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1024;
    }),
  );
  return Math.max(0, ...peaks) || null;
}

/** Ids of the processes below one whose command line matches. */
export async function processesBelow(ancestor, pattern) {
  const ids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const parents = new Map();
  for (const id of ids) {
    const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => null);
    // The name of a program stands in brackets and may hold anything.
    if (stat !== null) parents.set(Number(id), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const isBelow = (id) => id !== undefined && id > 1 && (id === ancestor || isBelow(parents.get(id)));
  const found = [];
  for (const id of parents.keys()) {
    if (!isBelow(id)) continue;
    const command = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
    if (pattern.test(command.replaceAll('\0', ' '))) found.push(id);
  }
  return found;
}

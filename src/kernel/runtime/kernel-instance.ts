import { UnderstudyError } from '../../contracts/errors.ts';

/** Functions of the kernel; addresses are byte offsets in its memory. See `assembly/index.ts`. */
export interface KernelExports {
  attach(model: number, threads: number, thread: number): number;
  scratchBytes(model: number, threads: number): number;
  cachePageBytes(): number;
  forward(tokens: number, position: number, wantsLogits: number): void;
  encode(tokens: number): void;
  logitsAt(): number;
  hiddenAt(): number;
  dropPositions(keep: number, count: number, length: number): void;
  pack(
    type: number,
    from: number,
    rowBytes: number,
    rows: number,
    columns: number,
    to: number,
    bytes: number,
  ): number;
  areNumbers(type: number, at: number, bytes: number): number;
  readRow(tensor: number, row: number, to: number): void;
  multiplyOnce(tensor: number, x: number, tokens: number, out: number): void;
  chooseWays(low: number, eight: number, flip: number, zero: number): number;
  setThreads(count: number): void;
  help(): void;
  closeWork(): void;
}

const NAMES: readonly (keyof KernelExports)[] = [
  'attach',
  'scratchBytes',
  'cachePageBytes',
  'forward',
  'encode',
  'logitsAt',
  'hiddenAt',
  'dropPositions',
  'pack',
  'areNumbers',
  'readRow',
  'multiplyOnce',
  'chooseWays',
  'setThreads',
  'help',
  'closeWork',
];

function isKernel(exports: object): exports is KernelExports {
  return NAMES.every((name) => typeof Reflect.get(exports, name) === 'function');
}

/**
 * Instantiates a compiled build over a memory.
 * @throws UnderstudyError `engine/load-failed` when the module is no kernel.
 */
export async function instantiateKernel(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Promise<KernelExports> {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  if (!isKernel(exports)) {
    throw new UnderstudyError('engine/load-failed', 'The kernel file is of another release.');
  }
  return exports;
}

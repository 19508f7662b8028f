/** The kernel: what the host may call. Compiled to WebAssembly; imports nothing but memory. */
export {
  attach,
  cachePageBytes,
  dropPositions,
  encode,
  forward,
  hiddenAt,
  logitsAt,
  multiplyOnce,
  scratchBytes,
} from './decoder';
export { areNumbers } from './check';
export { chooseWays } from './matmul';
export { pack } from './pack';
export { readRow } from './rows';
export { closeWork, help, setThreads } from './work';

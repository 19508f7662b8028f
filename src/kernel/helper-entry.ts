import { isRecord } from '../contracts/json.ts';
import { runHelper } from './runtime/run-helper.ts';

declare const self: DedicatedWorkerGlobalScope;

/*
 * A helper thread of the kernel: gets its set-up in one message, says that it is ready, and works until it is ended. Only our own worker starts
 * it, so a message that is no set-up is not answered.
 */
self.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (!isRecord(data)) return;
  const { module, memory, model, threads, thread } = data;
  if (!(module instanceof WebAssembly.Module) || !(memory instanceof WebAssembly.Memory)) return;
  if (typeof model !== 'number' || typeof threads !== 'number' || typeof thread !== 'number') return;
  void runHelper({ module, memory, model, threads }, thread, () => {
    self.postMessage('ready');
  });
});

/** Runs in a worker: times every way in turn and keeps the best of many short runs, which a busy machine disturbs least. */
addEventListener('message', async ({ data: { ways, sizes, rounds } }) => {
  const wasm = await (await fetch('/variants.wasm')).arrayBuffer();
  const memory = new WebAssembly.Memory({ initial: 1024 });
  const { instance } = await WebAssembly.instantiate(wasm, { env: { memory } });
  const view = new DataView(memory.buffer);
  const bytes = new Uint8Array(memory.buffer);
  const WEIGHTS = 1 << 20;
  const [X, SCALES, OUT] = [65_536, 600_000, 650_000];
  for (let at = 0; at < 500_000; at += 1) bytes[X + at] = (at * 7) & 63;
  for (let at = 0; at < 256; at += 1) view.setFloat32(SCALES + at * 4, 1, true);
  for (let at = WEIGHTS; at < bytes.length; at += 1) bytes[at] = (at * 131) & 255;
  for (let at = WEIGHTS; at + 272 < bytes.length; at += 272) {
    for (let row = 0; row < 8; row += 1) view.setUint16(at + row * 2, 0x3000, true);
  }
  const best = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const [size, { groups, blocks, repeats }] of Object.entries(sizes)) {
      for (const way of ways) {
        const run = instance.exports[way];
        const startMs = performance.now();
        for (let repeat = 0; repeat < repeats; repeat += 1) run(WEIGHTS, groups, blocks, X, SCALES, OUT);
        const ms = (performance.now() - startMs) / repeats;
        const products = (groups * 8 * blocks * 32) / ms / 1e6;
        best[size] ??= {};
        best[size][way] = Math.max(best[size][way] ?? 0, products);
      }
    }
  }
  postMessage(best);
});

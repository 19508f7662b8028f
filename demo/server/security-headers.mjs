/**
 * The strict policy that the demo's pages carry, so that the product is seen to work under it.
 *
 * `understudy…` are the policies of the product, `demo-panel` is the one of the demo controls.
 */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "require-trusted-types-for 'script'",
  'trusted-types understudy understudy-launcher understudy-panel demo-panel',
].join('; ');

/** A worker has the policy of its own script, not the page's: compiling WebAssembly is allowed here only. */
export const WORKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

/** On every answer. */
export const COMMON_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
};

/**
 * What is measured on a shape, and how much of it.
 *
 * @typedef {object} Effort
 * @property {'Q8_0' | 'Q4_0'} type
 * @property {number} promptTokens
 * @property {number} decodeTokens Tokens after the first one of an answer.
 * @property {{promptTokens: number, decodeTokens: number} | null} warmUp
 * @property {number} rounds
 * @property {boolean} hasTwin Whether Transformers.js is measured.
 * @property {number} limitMs The longest that one measurement may take.
 * @property {{peer: number, native: number, prefill: number}} goals Least ratios of ours to the best browser peer and to native.
 */

/** Tokens of the prompt behind "bytes in memory → first token". */
export const FIRST_PROMPT_TOKENS = 16;
/** Positions every engine is given room for. */
export const CONTEXT_TOKENS = 512;
/** Name of the columns. */
export const NATIVE = 'llama.cpp native';
export const WLLAMA = 'wllama';
export const TRANSFORMERS = 'Transformers.js q8';

/** @type {Record<'s30' | 's135' | 'tl', Effort>} */
export const EFFORTS = {
  s30: {
    type: 'Q8_0',
    promptTokens: 256,
    decodeTokens: 96,
    warmUp: { promptTokens: 256, decodeTokens: 16 },
    rounds: 5,
    hasTwin: true,
    limitMs: 120_000,
    goals: { peer: 4.5, native: 0.95, prefill: 2 },
  },
  s135: {
    type: 'Q8_0',
    promptTokens: 256,
    decodeTokens: 96,
    warmUp: { promptTokens: 64, decodeTokens: 4 },
    rounds: 3,
    hasTwin: true,
    limitMs: 180_000,
    goals: { peer: 2.3, native: 0.9, prefill: 1.4 },
  },
  // A billion weights: the slowest peer reads two tokens a second, and its twin would be a file of 1.1 GB.
  tl: {
    type: 'Q4_0',
    promptTokens: 64,
    decodeTokens: 16,
    warmUp: null,
    rounds: 3,
    hasTwin: false,
    limitMs: 400_000,
    goals: { peer: 6, native: 0.5, prefill: 12 },
  },
};

/**
 * One column: an engine with its settings. `place` says where it runs; builds are those of our kernel.
 *
 * @typedef {object} Contender
 * @property {string} name
 * @property {'ours' | 'wllama' | 'transformers' | 'native'} engine
 * @property {'chromium' | 'firefox' | 'node'} place
 * @property {number} threads
 * @property {'relaxed' | 'plain'} build
 */

/**
 * @param {{threads: 1 | 2, browser: 'chromium' | 'firefox', isPlain: boolean, hasOurs: boolean, hasWllama: boolean, hasNative: boolean,
 *   hasTwin: boolean}} wanted
 * @returns {Contender[]} Ours first; what ours is compared with under other settings comes last.
 */
export function listContenders({ threads, browser, isPlain, hasOurs, hasWllama, hasNative, hasTwin }) {
  const build = isPlain ? 'plain' : 'relaxed';
  const own = { engine: 'ours', place: browser, threads, build };
  const others = [
    ...(threads === 1 ? [] : [{ ...own, name: 'ours, one thread', threads: 1 }]),
    ...(browser === 'chromium' ? [] : [{ ...own, name: 'ours, Chromium', place: 'chromium' }]),
    ...(isPlain ? [{ ...own, name: 'ours, relaxed SIMD', build: 'relaxed' }] : []),
  ];
  const peer = { place: browser, threads, build };
  return [
    ...(hasOurs ? [{ ...own, name: 'ours' }] : []),
    ...(hasWllama ? [{ ...peer, name: WLLAMA, engine: 'wllama' }] : []),
    ...(hasTwin ? [{ ...peer, name: TRANSFORMERS, engine: 'transformers' }] : []),
    ...(hasNative ? [{ ...peer, name: NATIVE, engine: 'native', place: 'node' }] : []),
    ...(hasOurs ? others : []),
  ];
}

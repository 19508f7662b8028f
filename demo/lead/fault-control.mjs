/**
 * Ways in which the stand-in can misbehave:
 *
 * - the connection: `cut`, `no-cors` (there, but not to be read by pages), `html` (a login page), `kill-mid-answer` (the
 *   server forgets what it was saying), `cut-stream` (only the connection breaks; the run goes on and can be followed), `stall`
 * - refusals: `error-500`, `auth` (nobody is let in), `rate-limited` (with Retry-After), `provider` (no model at hand)
 * - answers: `slow`, `empty`, `endless`, `error-event`, `failed-run`, `malformed`, `split` (bytes one by one), `hostile`
 *
 * Two happen once, then it is `up` again: `forget-passports`, `forget-conversations`.
 */
export const FAULT_MODES = [
  'up',
  'cut',
  'slow',
  'kill-mid-answer',
  'error-500',
  'html',
  'no-cors',
  'cut-stream',
  'stall',
  'auth',
  'rate-limited',
  'provider',
  'empty',
  'endless',
  'error-event',
  'failed-run',
  'malformed',
  'split',
  'hostile',
  'forget-passports',
  'forget-conversations',
];

/** Versions of Dify whose ways differ: how passports are presented, the order of the last events, forms and resuming. */
export const VERSIONS = ['1.14', '1.12', '1.8'];

/** Holds the mode and the connections it applies to. */
export function createFaultControl(mode = 'up') {
  const sockets = new Set();
  const control = {
    mode,
    version: '1.14',
    /** Requests of the lead's interface so far, by path, for tests and the demo's panel. */
    requests: {},
    /** Told of what happens once. */
    onForget: (_what) => undefined,
    track(socket) {
      if (sockets.has(socket)) return;
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    },
    /** Changes the mode; the socket that asked for it is spared. */
    set(next, askedBy) {
      if (!FAULT_MODES.includes(next))
        throw new RangeError(`"${next}" is no mode: ${FAULT_MODES.join(', ')}.`);
      const isForgetting = next.startsWith('forget-');
      if (isForgetting) control.onForget(next.slice('forget-'.length));
      control.mode = isForgetting ? 'up' : next;
      // A cut reaches the answers that are being streamed, not only the next ones.
      if (next === 'cut') for (const socket of sockets) if (socket !== askedBy) socket.destroy();
    },
    /** Changes the version that is spoken. */
    speak(version) {
      if (!VERSIONS.includes(version))
        throw new RangeError(`"${version}" is no version: ${VERSIONS.join(', ')}.`);
      control.version = version;
    },
  };
  return control;
}

/** Ways in which the stand-in can misbehave. */
export const FAULT_MODES = ['up', 'cut', 'slow', 'kill-mid-answer', 'error-500', 'html'];

/** Holds the mode and the connections it applies to. */
export function createFaultControl(mode = 'up') {
  const sockets = new Set();
  const control = {
    mode,
    /** Requests of the lead's interface so far, by path, for tests and the demo's panel. */
    requests: {},
    track(socket) {
      if (sockets.has(socket)) return;
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    },
    /** Changes the mode; the socket that asked for it is spared. */
    set(next, askedBy) {
      if (!FAULT_MODES.includes(next))
        throw new RangeError(`"${next}" is no mode: ${FAULT_MODES.join(', ')}.`);
      control.mode = next;
      // A cut reaches the answers that are being streamed, not only the next ones.
      if (next === 'cut') for (const socket of sockets) if (socket !== askedBy) socket.destroy();
    },
  };
  return control;
}

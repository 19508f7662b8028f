/** Tells how many bytes of WebAssembly memory were created while it watched. */
export interface MemoryWatch {
  /** Bytes held now; 0 when no memory was ever seen. */
  readonly sizeBytes: number;
  /** Ends the watch; memories seen stay counted. */
  end(): void;
}

/** What earlier watches saw: the runtime keeps one memory for the life of the realm, which later models grow. */
const earlier: WebAssembly.Memory[] = [];

/**
 * Watches for memories that are created; the runtime gives no access to its own. Where none is, it tells of those that were seen before.
 *
 * Puts a subclass in the place of `WebAssembly.Memory` until the watch ends; where that is refused, sees nothing.
 */
export function watchMemory(): MemoryWatch {
  const original = WebAssembly.Memory;
  const seen: WebAssembly.Memory[] = [];
  class WatchedMemory extends original {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      seen.push(this);
    }
  }
  Reflect.set(WebAssembly, 'Memory', WatchedMemory);
  return {
    get sizeBytes() {
      return (seen.length > 0 ? seen : earlier).reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
    },
    end() {
      earlier.push(...seen);
      if (WebAssembly.Memory === WatchedMemory) Reflect.set(WebAssembly, 'Memory', original);
    },
  };
}

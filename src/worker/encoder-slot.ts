import type { ArtifactStream } from '../bundle/open-bundle.ts';
import type { Encoder } from '../contracts/encoder.ts';
import type { UnderstudyError } from '../contracts/errors.ts';
import { isUnderstudyError } from '../contracts/errors.ts';
import type { HeldUnderstudy } from './understudy-holder.ts';

/** Makes an encoder of its model file. */
export type EncoderFactory = (
  model: ArtifactStream,
  assetsUrl: string,
  signal: AbortSignal,
) => Promise<Encoder>;

/** Artifact with the encoder's weights. */
const ENCODER_FILE = 'encoder.gguf';
/** Encoder and vectors are fetched unasked up to this size, in bytes. */
const MAX_BYTES = 32 * 1024 * 1024;
const ROLES: ReadonlySet<string> = new Set(['encoder', 'vectors']);

/** Gives each understudy its encoder; until it has come, and where it cannot, questions are searched by their words alone. */
export class EncoderSlot {
  readonly #create: EncoderFactory | null;
  readonly #assetsUrl: string;
  readonly #signal: AbortSignal;
  readonly #onFault: (error: UnderstudyError) => void;
  #served: HeldUnderstudy | null = null;
  #encoder: Encoder | null = null;
  state: 'absent' | 'loading' | 'ready' | 'failed' = 'absent';

  constructor(options: {
    /** Null where none can run. */
    readonly create: EncoderFactory | null;
    readonly assetsUrl: string;
    /** Aborts when the connection is closed. */
    readonly signal: AbortSignal;
    readonly onFault: (error: UnderstudyError) => void;
  }) {
    this.#create = options.create;
    this.#assetsUrl = options.assetsUrl;
    this.#signal = options.signal;
    this.#onFault = options.onFault;
  }

  /** Loads the encoder of an understudy, once. Never throws. */
  async serve(held: HeldUnderstudy): Promise<void> {
    const { bundle, understudy } = held;
    const { artifacts } = bundle.manifest;
    if (this.#create === null || this.#served === held || !Object.hasOwn(artifacts, ENCODER_FILE)) return;
    const own = Object.values(artifacts).filter(({ role }) => ROLES.has(role));
    if (own.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) > MAX_BYTES) return;
    this.#served = held;
    this.state = 'loading';
    try {
      const signal = this.#signal;
      const encoder = await this.#create(bundle.stream(ENCODER_FILE, { signal }), this.#assetsUrl, signal);
      // A turn may still run with the one before, which goes when nothing needs it.
      this.#encoder = encoder;
      await understudy.takeEncoder(encoder);
      this.state = 'ready';
    } catch (error) {
      this.state = 'failed';
      if (this.#signal.aborted) return;
      if (!isUnderstudyError(error)) throw error;
      this.#onFault(error);
    }
  }

  dispose(): void {
    this.#encoder?.dispose();
    this.#encoder = null;
  }
}

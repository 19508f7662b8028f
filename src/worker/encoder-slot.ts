import type { ArtifactStream } from '../bundle/open-bundle.ts';
import { ENCODER_ROLES, type Encoder } from '../contracts/encoder.ts';
import type { UnderstudyError } from '../contracts/errors.ts';
import { toUnderstudyError } from '../session/to-understudy-error.ts';
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

/** Gives each understudy its encoder; until it has come, and where it cannot, questions are understood by their words alone. */
export class EncoderSlot {
  readonly #create: EncoderFactory | null;
  readonly #assetsUrl: string;
  readonly #signal: AbortSignal;
  readonly #onFault: (error: UnderstudyError) => void;
  #served: HeldUnderstudy | null = null;
  #encoder: Encoder | null = null;
  /** Digest of the weights of the encoder. */
  #weights = '';
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

  /** Gives an understudy its encoder, once; a release with the weights of the one before takes the same. Never throws. */
  async serve(held: HeldUnderstudy): Promise<void> {
    const { bundle, understudy } = held;
    const { artifacts } = bundle.manifest;
    if (this.#create === null || this.#served === held || !Object.hasOwn(artifacts, ENCODER_FILE)) return;
    const own = Object.values(artifacts).filter(({ role }) => ENCODER_ROLES.has(role));
    if (own.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) > MAX_BYTES) return;
    this.#served = held;
    this.state = 'loading';
    try {
      const weights = artifacts[ENCODER_FILE]?.sha256 ?? '';
      if (this.#encoder === null || this.#weights !== weights) {
        const signal = this.#signal;
        // A turn may still run with the one before, which goes when nothing needs it.
        this.#encoder = await this.#create(bundle.stream(ENCODER_FILE, { signal }), this.#assetsUrl, signal);
        this.#weights = weights;
      }
      await understudy.takeEncoder(this.#encoder);
      this.state = 'ready';
    } catch (error) {
      this.state = 'failed';
      if (!this.#signal.aborted) this.#onFault(toUnderstudyError(error));
    }
  }

  dispose(): void {
    this.#encoder?.dispose();
    this.#encoder = null;
  }
}

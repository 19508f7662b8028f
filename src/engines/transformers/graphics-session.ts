import type * as Onnx from 'onnxruntime-web/wasm';
import { UnderstudyError } from '../../contracts/errors.ts';
import type { GraphicsDevice } from './graphics-device.ts';
import type { ModelSession } from './loaded-model.ts';

type Tensor = Onnx.Tensor;
type Feeds = Readonly<Record<string, Tensor>>;

/** Tells the same tensor in the class of another build of the runtime; the values are shared, not copied. */
function retold(build: typeof Onnx, tensor: Tensor): Tensor {
  const made: unknown = Reflect.construct(build.Tensor, [tensor.type, tensor.data, tensor.dims]);
  if (!(made instanceof build.Tensor)) throw new TypeError('The runtime made no tensor.');
  return made;
}

function retoldAll(build: typeof Onnx, tensors: Feeds): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, retold(build, tensor)]));
}

/**
 * A session of the WebGPU build whose tensors go in and come out as those of the plain build.
 *
 * Transformers.js knows the tensors of one build for the life of a realm; so both can run in one, in any order. A run ends
 * with `engine/failed` and `reason: "device-lost"` as soon as the device is lost, whether or not the runtime notices.
 */
class GraphicsSession implements ModelSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly inputMetadata: Onnx.InferenceSession['inputMetadata'];
  readonly #session: Onnx.InferenceSession;
  readonly #plain: typeof Onnx;
  readonly #webgpu: typeof Onnx;
  readonly #device: GraphicsDevice;
  readonly #lost: Promise<never>;
  #running: Promise<unknown> = Promise.resolve();

  constructor(
    session: Onnx.InferenceSession,
    builds: { readonly plain: typeof Onnx; readonly webgpu: typeof Onnx },
    device: GraphicsDevice,
  ) {
    this.inputNames = session.inputNames;
    this.outputNames = session.outputNames;
    this.inputMetadata = session.inputMetadata;
    this.#session = session;
    this.#plain = builds.plain;
    this.#webgpu = builds.webgpu;
    this.#device = device;
    this.#lost = device.lost.then((info) => {
      throw deviceLost(info);
    });
    // It is met in `run`; between answers nobody listens.
    this.#lost.catch(() => undefined);
  }

  async run(feeds: Feeds): Promise<Record<string, Tensor>> {
    const run = this.#session.run(retoldAll(this.#webgpu, feeds));
    // Where the device is lost first, what becomes of the run no longer matters.
    run.catch(() => undefined);
    this.#running = run;
    try {
      return retoldAll(this.#plain, await Promise.race([run, this.#lost]));
    } catch (cause) {
      // The runtime may fail a moment before the loss is told.
      await Promise.race([this.#lost, Promise.resolve()]);
      throw cause;
    }
  }

  async release(): Promise<void> {
    // What the loss has cut short is let end first.
    await this.#running.catch(() => undefined);
    await this.#session.release();
    this.#device.destroy();
  }
}

function deviceLost(info: unknown): UnderstudyError {
  const told: unknown = typeof info === 'object' && info !== null ? Reflect.get(info, 'message') : '';
  const why = typeof told === 'string' && told !== '' ? ` (${told})` : '';
  return new UnderstudyError('engine/failed', `The graphics device was lost${why}.`, {
    facts: { reason: 'device-lost' },
  });
}

/** Starts a model on a graphics device; the session takes the device over and destroys it when released. */
export async function startGraphicsSession(
  builds: { readonly plain: typeof Onnx; readonly webgpu: typeof Onnx },
  model: Uint8Array,
  device: GraphicsDevice,
): Promise<ModelSession> {
  const options: object = { executionProviders: [{ name: 'webgpu', device }], logSeverityLevel: 3 };
  const session = await builds.webgpu.InferenceSession.create(model, options);
  return new GraphicsSession(session, builds, device);
}

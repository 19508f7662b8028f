import type { Engine } from '../../src/contracts/engine.ts';

/** The same engine, which tells the bytes it holds after each output. */
export function watchEngine(engine: Engine, onMemory: (bytes: number) => void): Engine {
  return {
    contract: engine.contract,
    id: engine.id,
    modelId: engine.modelId,
    contextTokens: engine.contextTokens,
    ...(engine.ability === undefined ? {} : { ability: engine.ability }),
    load: (options) => engine.load(options),
    async *generate(request, options) {
      for await (const part of engine.generate(request, options)) {
        if (part.type === 'end') onMemory(part.metrics.memoryBytes);
        yield part;
      }
    },
    dispose: () => engine.dispose(),
  };
}

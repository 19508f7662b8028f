import type { CatalogueModel, ModelFormat } from '../../src/contracts/model-catalogue.ts';
import type { EngineName } from './engine-fit.ts';
import { ENGINES, enginesOf } from './engine-fit.ts';
import type { WeightFigure } from './estimate-figures.ts';
import { cacheBytes, cacheShapeOf, estimateWeights, memoryBytes } from './estimate-figures.ts';
import type { Device, Verdict } from './judge-device.ts';
import { judgeDevice } from './judge-device.ts';
import { known } from './load-catalogue.ts';

/** A model in the form in which an engine would run it. */
export interface ModelChoice {
  readonly model: CatalogueModel;
  /** All engines that run some form of it, the preferred first. */
  readonly engines: readonly EngineName[];
  readonly format: ModelFormat;
  readonly weights: WeightFigure | null;
  /** Peak memory; null when the sizes are unknown. */
  readonly neededBytes: number | null;
  /** Null for encoders, which write nothing, and where no size is known. */
  readonly verdict: Verdict | null;
}

/** Tokens of context that memory is reckoned with. */
export const DEFAULT_CONTEXT = 2048;

/** Chooses the smallest form of a model that the engine runs, by default the preferred one; null when there is none. */
export function chooseFormat(
  model: CatalogueModel,
  engine: EngineName | null,
  device: Device,
  contextTokens: number = DEFAULT_CONTEXT,
): ModelChoice | null {
  const byFormat = model.formats.map((format) => ({ format, engines: enginesOf(model, format) }));
  const engines = ENGINES.filter((name) => byFormat.some((entry) => entry.engines.includes(name)));
  const wanted = engine ?? engines[0];
  if (wanted === undefined) return null;
  const sized = byFormat
    .filter((entry) => entry.engines.includes(wanted))
    .map(({ format }) => ({ format, weights: estimateWeights(model, format) }))
    .sort((a, b) => (a.weights?.bytes ?? Infinity) - (b.weights?.bytes ?? Infinity));
  const [best] = sized;
  if (best === undefined) return null;
  const { format, weights } = best;
  const neededBytes = weights === null ? null : neededBy(model, format, weights.bytes, contextTokens);
  const verdict =
    weights === null || neededBytes === null || known(model.task) !== 'chat'
      ? null
      : judgeDevice(device, weights.bytes, neededBytes);
  return { model, engines, format, weights, neededBytes, verdict };
}

function neededBy(
  model: CatalogueModel,
  format: ModelFormat,
  weightBytes: number,
  contextTokens: number,
): number | null {
  const stated = known(format.memoryMB);
  if (stated !== null) return Math.ceil(stated * 1e6);
  if (known(model.task) === 'encoder') return memoryBytes(weightBytes, 0);
  const shape = cacheShapeOf(model);
  const tokens = Math.min(contextTokens, known(model.context) ?? contextTokens);
  return shape === null ? null : memoryBytes(weightBytes, cacheBytes(shape, tokens));
}

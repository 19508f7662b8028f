import type { Manifest } from '../contracts/bundle.ts';
import { DEFAULT_ENGINES } from '../contracts/engine-choice.ts';
import { ENCODER_ROLES } from '../contracts/encoder.ts';

/** Reports whether an engine would fetch its model from the owner's host, past the bundle: nobody knows how large it is. */
const hostsModel = ({ engines = DEFAULT_ENGINES }: Manifest): boolean =>
  engines.some(({ engine }) => engine === 'webllm');

/** Reports whether an engine would fetch more than the bundle tells: ONNX Runtime for WebGPU alone is 27 MB. */
export const fetchesUncounted = (manifest: Manifest): boolean =>
  hostsModel(manifest) ||
  (manifest.engines ?? DEFAULT_ENGINES).some(({ engine }) => engine === 'transformers-webgpu');

/** Reports whether there is a model to word answers with. */
export const bringsModel = (manifest: Manifest): boolean =>
  hostsModel(manifest) || Object.values(manifest.artifacts).some(({ role }) => role === 'model');

/** Bytes of the artifacts that word answers. */
export const generatorBytes = (manifest: Manifest): number =>
  Object.values(manifest.artifacts)
    .filter(({ need, role }) => need === 'wording' && !ENCODER_ROLES.has(role))
    .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

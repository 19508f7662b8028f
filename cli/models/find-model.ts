import { UnderstudyError } from '../../src/contracts/errors.ts';
import type { CatalogueModel } from '../../src/contracts/model-catalogue.ts';
import { suggestName } from '../config/suggest-name.ts';

/** Finds a model of the catalogue. @throws UnderstudyError `cli/not-found`, which names the id that may have been meant. */
export function findModel(models: readonly CatalogueModel[], id: string): CatalogueModel {
  const model = models.find((candidate) => candidate.id === id.toLowerCase());
  if (model !== undefined) return model;
  const close = suggestName(
    id,
    models.map((candidate) => candidate.id),
  );
  const hint = close === null ? '.' : `; did you mean "${close}"?`;
  throw new UnderstudyError('cli/not-found', `The catalogue has no model "${id}"${hint}`, { facts: { id } });
}

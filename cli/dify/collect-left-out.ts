import { isRecord } from '../../src/contracts/json.ts';
import { textOf } from './data-fields.ts';
import type { DifyApp, DifyNode, LeftOut } from './dify-app.ts';
import type { NodeSite } from './decide-sites.ts';
import { findCredentials, isSecretName } from './find-credentials.ts';
import { visitValues } from './find-secret-uses.ts';
import { requestCredentials } from './judge-request.ts';
import type { Redacted } from './redact-plan.ts';

/** Names everything that stayed out of the plan: of nodes that the cloud runs, and of texts that were cleaned. */
export function collectLeftOut(
  app: DifyApp,
  sites: ReadonlyMap<string, NodeSite>,
  redacted: readonly Redacted[],
  stepOf: (node: string) => string,
): readonly LeftOut[] {
  const found: LeftOut[] = [];
  for (const node of app.nodes) {
    const cleaned = redacted.filter(({ step }) => step === stepOf(node.id));
    for (const { kind } of cleaned)
      found.push({ place: node.place, node: node.id, what: `${kind} in its texts` });
    if (node.type === 'http-request') found.push(...requestCredentials(node));
    else if (sites.get(node.id)?.site === 'lead' || sites.get(node.id)?.site === 'refused')
      found.push(...credentialsOf(node));
  }
  const elsewhere = redacted.filter(({ step }) => step === null);
  for (const { kind } of elsewhere)
    found.push({
      place: { file: app.file, line: 1, column: 1 },
      node: null,
      what: `${kind} in a variable or text of the app`,
    });
  const seen = new Set<string>();
  return found.filter(({ node, what }) => {
    const key = `${node ?? ''} ${what}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** What settings of a node that the cloud runs hold of credentials: by the look of values, and by the names of settings. */
function credentialsOf(node: DifyNode): readonly LeftOut[] {
  const found: LeftOut[] = [];
  const add = (what: string, ...path: readonly string[]): void => {
    found.push({ place: node.placeOf(...path), node: node.id, what });
  };
  for (const [key, value] of Object.entries(node.data)) {
    visitValues(value, (inner) => {
      if (typeof inner === 'string')
        for (const { kind } of findCredentials(inner)) add(`${kind} in "${key}"`, key);
      if (!isRecord(inner) || (node.type !== 'tool' && node.type !== 'agent')) return;
      for (const [name, setting] of Object.entries(inner)) {
        const text = textOf(isRecord(setting) ? setting['value'] : setting);
        const isFixed =
          text !== '' && !text.includes('{{#') && (!isRecord(setting) || setting['type'] !== 'variable');
        if (isSecretName(name) && isFixed && text.length >= 6 && typeof setting !== 'boolean')
          add(`its setting "${name}"`, key);
      }
    });
  }
  if (textOf(node.data['credential_id']) !== '') add('the reference to its credentials', 'credential_id');
  return found;
}

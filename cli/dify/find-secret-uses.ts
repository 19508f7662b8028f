import { isRecord } from '../../src/contracts/json.ts';
import type { DifyApp, DifyNode } from './dify-app.ts';
import { marksIn } from './parse-template.ts';

/** Names of secret variables of the environment that a node reads, in order. */
export function findSecretUses(node: DifyNode, app: DifyApp): readonly string[] {
  const secrets = new Set(
    app.environment.filter(({ variable }) => variable === null).map(({ name }) => name),
  );
  if (secrets.size === 0) return [];
  const used = new Set<string>();
  visitValues(node.data, (value) => {
    if (typeof value === 'string')
      for (const [scope, name] of marksIn(value)) if (scope === 'env') used.add(name);
    if (Array.isArray(value) && value[0] === 'env' && typeof value[1] === 'string') used.add(value[1]);
  });
  return [...used].filter((name) => secrets.has(name)).sort();
}

/** Calls `visit` with the value and all values within. */
export function visitValues(value: unknown, visit: (value: unknown) => void): void {
  visit(value);
  if (Array.isArray(value)) for (const item of value) visitValues(item, visit);
  else if (isRecord(value)) for (const item of Object.values(value)) visitValues(item, visit);
}

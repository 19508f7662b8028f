import type { JsonObject } from '../../src/contracts/json.ts';
import { isRecord } from '../../src/contracts/json.ts';
import type { Selector, Template } from '../../src/contracts/plan-configs.ts';
import type { Binding, StepKind } from '../../src/contracts/plan.ts';
import { RESERVED_SCOPES } from '../../src/contracts/plan.ts';
import { jsonOf, listOf, recordOf, selectorOf, textOf } from './data-fields.ts';
import type { DifyApp, DifyNode, DifyRemark } from './dify-app.ts';
import type { NodeSite } from './decide-sites.ts';
import { parseTemplate, toStep } from './parse-template.ts';

/** What a compiler of one type of node makes; ids, edges and errors are added for all alike. */
export interface StepDraft {
  readonly kind: StepKind;
  readonly inputs?: { readonly [name: string]: Binding };
  readonly outputs: readonly string[];
  readonly config: JsonObject;
}

/** What compilers of nodes are given. */
export interface CompileContext {
  readonly app: DifyApp;
  readonly sites: ReadonlyMap<string, NodeSite>;
  /** Whether plans have the scope: it is the id of a step, or one of Dify's own. */
  readonly hasScope: (scope: string) => boolean;
  /** Id of the step of a node; names that plans reserve are changed. */
  readonly stepOf: (node: string) => string;
  /** The selector of a setting, in steps; null when there is none. */
  readonly from: (value: unknown) => Selector | null;
  /** The text of a node with its marks. */
  readonly template: (
    value: unknown,
    options?: { readonly hasContext?: boolean; readonly names?: ReadonlyMap<string, Selector> },
  ) => Template;
  /** Names of the collections in which the passages of a dataset are. */
  readonly collectionsOf: (dataset: string) => readonly string[];
  readonly remark: (node: DifyNode, what: string, ...path: readonly (string | number)[]) => void;
  readonly remarks: readonly DifyRemark[];
}

/** Makes the {@link CompileContext} of an app. */
export function compileContext(
  app: DifyApp,
  sites: ReadonlyMap<string, NodeSite>,
  kept: ReadonlySet<string>,
  collectionsOf: (dataset: string) => readonly string[],
): CompileContext {
  const remarks: DifyRemark[] = [];
  const ids = new Set(app.nodes.map((node) => node.id));
  const renamed = new Map(
    app.nodes
      .filter((node) => RESERVED_SCOPES.has(node.id))
      .map((node) => [node.id, freeName(`node-${node.id}`, ids)] as const),
  );
  // Marks name scopes, too: only `sys`, `env` and `conversation` of theirs are scopes of plans.
  const stepOf = (node: string): string => (isScope(node) ? node : (renamed.get(node) ?? node));
  const scopes = new Set(['sys', 'env', 'conversation', ...[...kept].map(stepOf)]);
  return {
    app,
    sites,
    hasScope: (scope) => scopes.has(scope),
    stepOf,
    from: (value) => {
      const selector = selectorOf(value);
      return selector === null ? null : toStep(modern(selector), stepOf);
    },
    template: (value, options = {}) => parseTemplate(textOf(value), { ...options, stepOf }),
    collectionsOf,
    remark: (node, what, ...path) => {
      remarks.push({ place: node.placeOf(...path), node: node.id, what });
    },
    remarks,
  };
}

function isScope(name: string): boolean {
  return name === 'sys' || name === 'env' || name === 'conversation';
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let count = 2; taken.has(free); count += 1) free = `${name}-${count}`;
  return free;
}

/** Exports of 2024 name variables of the system as variables of the start node: `[start, "sys.query"]`. */
function modern([scope, name, ...path]: Selector): Selector {
  return name.startsWith('sys.') ? ['sys', name.slice(4), ...path] : [scope, name, ...path];
}

/** The settings of a step as JSON, checked by their type where they are made. */
export function settings(config: object): JsonObject {
  const json = jsonOf(config);
  return isJsonObject(json) ? json : {};
}

function isJsonObject(value: unknown): value is JsonObject {
  return isRecord(value);
}

/** Bindings of a list of `{variable, value_selector}`; what comes from a node that is no step is null. */
export function bindings(value: unknown, context: CompileContext): { readonly [name: string]: Binding } {
  const entries = listOf(value).flatMap((entry): [string, Binding][] => {
    const data = recordOf(entry);
    const name = textOf(data['variable']);
    return name === '' ? [] : [[name, binding(context.from(data['value_selector']), context)]];
  });
  return Object.fromEntries(entries);
}

/** Binds a selector, or null where its step is left out or was never there. */
function binding(from: Selector | null, context: CompileContext): Binding {
  return from !== null && context.hasScope(from[0]) ? { from } : { value: null };
}

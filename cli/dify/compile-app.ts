import type { JsonObject } from '../../src/contracts/json.ts';
import { isRecord, isStringArray } from '../../src/contracts/json.ts';
import { parsePlan } from '../../src/contracts/parse-plan.ts';
import type { OnError, Plan, PlanEdge, PlanVariable, Retry, Step } from '../../src/contracts/plan.ts';
import { PLAN_VERSION } from '../../src/contracts/plan.ts';
import { appIdFrom } from '../config/parse-config.ts';
import type { AppReport } from './app-report.ts';
import { makeReport } from './app-report.ts';
import { collectLeftOut } from './collect-left-out.ts';
import type { CompileContext } from './compile-context.ts';
import { compileContext } from './compile-context.ts';
import { compileNode } from './compile-node.ts';
import { datasetsOf } from './compile-values.ts';
import { flagOf, integerOf, listOf, recordOf, textOf, typedValue, valueTypeOf } from './data-fields.ts';
import { decideSites } from './decide-sites.ts';
import type { DifyApp, DifyEdge, DifyNode } from './dify-app.ts';
import { findPaths, outcomesOf } from './find-paths.ts';
import { visitValues } from './find-secret-uses.ts';
import type { OwnerChoices } from './owner-choices.ts';
import { NO_CHOICES } from './owner-choices.ts';
import { redactPlan } from './redact-plan.ts';

/** Options of {@link compileApp}. */
export interface CompileOptions {
  /** Id of the compiled app. Default: made of the app's name. */
  readonly appId?: string;
  /** What the owner decided. Default: nothing. */
  readonly choices?: OwnerChoices;
  /** Annotated questions, which are never in an export. Default none. */
  readonly annotations?: Plan['annotations'];
  /** Names of the bundle's collections that hold a dataset's passages. Default: one, named as the dataset. */
  readonly collectionsOf?: (dataset: string) => readonly string[];
  /** Said where a step needs the cloud while it is away. Default: the built-in text. */
  readonly needsLeadText?: string | null;
  /** Path of the export, for the commands in the report. Default: the name of the file. */
  readonly path?: string;
  /** Datasets for which knowledge is at hand, so that the report does not ask for it. Default none. */
  readonly datasets?: ReadonlySet<string>;
}

/** A compiled app. */
export interface CompiledApp {
  readonly plan: Plan;
  readonly report: AppReport;
}

/**
 * Compiles an app of any mode to a plan, and reports what runs where, what is missing and what was left out.
 *
 * Nodes that no run reaches are left out of the plan. Nothing secret is in plan or report: what looks like a credential is replaced,
 * or the node is left to the cloud.
 * @throws UnderstudyError `cli/config-invalid` for a choice of the owner's that cannot be done.
 */
export function compileApp(app: DifyApp, options: CompileOptions = {}): CompiledApp {
  const sites = decideSites(app, options.choices ?? NO_CHOICES);
  const paths = findPaths(app, sites);
  const { collectionsOf = (dataset: string) => [dataset] } = options;
  const context = compileContext(app, sites, paths.reachable, collectionsOf);
  const nodes = app.nodes.filter((node) => paths.reachable.has(node.id));
  const edges = edgesBySource(app.edges);
  const steps = nodes.map((node) => {
    const step = compileStep(node, edges.get(node.id) ?? [], context);
    checkSources(node, step, context);
    return step;
  });
  const draft = {
    format: 'understudy/plan',
    version: PLAN_VERSION,
    appId: options.appId ?? appIdFrom(app.name),
    mode: app.mode === 'workflow' ? 'workflow' : 'chat',
    start: context.stepOf(app.start),
    steps,
    conversation: app.conversation,
    environment: app.environment
      .map(({ variable }) => variable)
      .filter((one): one is PlanVariable => one !== null),
    moderation: app.features.moderation,
    annotations: options.annotations ?? [],
    showsCitations: app.features.showsCitations,
    needsLeadText: options.needsLeadText ?? null,
  };
  const { plan: clean, redacted } = redactPlan(draft);
  const plan = parsePlan(clean);
  const leftOut = [...app.leftOut, ...collectLeftOut(app, sites, redacted, context.stepOf)];
  const report = makeReport({
    app,
    sites,
    paths,
    remarks: [...app.remarks, ...context.remarks],
    leftOut,
    datasets: app.nodes
      .filter((node) => node.type === 'knowledge-retrieval' && paths.reachable.has(node.id))
      .map((node) => ({ node: node.id, ids: datasetsOf(node.data) })),
    known: options.datasets ?? new Set(),
    hasAnnotations: plan.annotations.length > 0,
    path: options.path ?? app.file,
  });
  return { plan, report };
}

/** Remarks what a step reads where nothing ever stands: of nodes that are not there, or that no run reaches. */
function checkSources(node: DifyNode, step: Step, context: CompileContext): void {
  const missing = new Set<string>();
  visitValues([step.inputs, step.config], (value) => {
    if (!isRecord(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      const lists: readonly unknown[] = !SOURCE_KEYS.has(key)
        ? []
        : isStringArray(inner)
          ? [inner]
          : listOf(inner);
      for (const selector of lists) {
        const [scope, name] = isStringArray(selector) ? selector : [];
        if (scope === undefined || name === undefined || OWN_SCOPES.has(scope)) continue;
        if (!context.hasScope(scope)) missing.add(`${scope}.${name}`);
      }
    }
  });
  for (const source of missing)
    context.remark(
      node,
      `it reads "${source}", which nothing sets: there is no such node, or no run comes to it`,
    );
}

/** Settings that hold selectors. */
const SOURCE_KEYS: ReadonlySet<string> = new Set([
  'from',
  'query',
  'context',
  'vision',
  'items',
  'output',
  'to',
]);
/** Scopes within one setting. */
const OWN_SCOPES: ReadonlySet<string> = new Set(['context', 'file', 'metadata']);

function edgesBySource(edges: readonly DifyEdge[]): ReadonlyMap<string, readonly DifyEdge[]> {
  const bySource = new Map<string, DifyEdge[]>();
  for (const edge of edges) {
    const list = bySource.get(edge.source);
    if (list === undefined) bySource.set(edge.source, [edge]);
    else list.push(edge);
  }
  return bySource;
}

function compileStep(node: DifyNode, edges: readonly DifyEdge[], context: CompileContext): Step {
  const draft = compileNode(node, context);
  const id = context.stepOf(node.id);
  const site = context.sites.get(node.id)?.site;
  return {
    id,
    kind: draft.kind,
    site: site === 'edge' || site === 'edge-model' ? 'edge' : 'lead',
    inputs: draft.inputs ?? {},
    outputs: draft.outputs,
    edges: edgesOf(node, edges, context),
    config: draft.config,
    title: node.title,
    parent: node.parent === null ? null : context.stepOf(node.parent),
    onError: onErrorOf(node),
    retry: retryOf(node),
  };
}

/** Edges of a branch by their handles, which must be outcomes of it; those of other nodes are taken always, but for the failure. */
function edgesOf(node: DifyNode, edges: readonly DifyEdge[], context: CompileContext): readonly PlanEdge[] {
  const outcomes = new Set(outcomesOf(node).map(([handle]) => handle));
  const failsOver = textOf(node.data['error_strategy']) === 'fail-branch';
  // Whatever was drawn, and also when it fails.
  if (node.type === 'loop-end') return [];
  for (const [handle, label] of outcomesOf(node)) {
    if (!edges.some((edge) => edge.handle === handle))
      context.remark(
        node,
        `nothing follows "${label === '' ? handle : label}" (handle "${handle}"): the path ends there`,
      );
  }
  return edges.flatMap((edge): PlanEdge[] => {
    const to = context.stepOf(edge.target);
    if (edge.handle === 'fail-branch') return failsOver ? [{ when: 'fail-branch', to }] : [];
    if (outcomes.size === 0) return [{ when: 'default', to }];
    if (outcomes.has(edge.handle)) return [{ when: edge.handle, to }];
    context.remark(
      node,
      `its edge to "${edge.target}" has the handle "${edge.handle}", which is no outcome of it, and is left out`,
    );
    return [];
  });
}

function onErrorOf(node: DifyNode): OnError | null {
  const strategy = textOf(node.data['error_strategy']);
  if (strategy === 'fail-branch') return { kind: 'branch' };
  if (strategy !== 'default-value') return null;
  const values: JsonObject = Object.fromEntries(
    listOf(node.data['default_value'])
      .map(recordOf)
      .filter((entry) => textOf(entry['key']) !== '')
      .map(
        (entry) => [textOf(entry['key']), typedValue(entry['value'], valueTypeOf(entry['type']))] as const,
      ),
  );
  return { kind: 'defaults', values };
}

function retryOf(node: DifyNode): Retry | null {
  const retry = recordOf(node.data['retry_config']);
  if (!flagOf(retry['retry_enabled'])) return null;
  const times = integerOf(retry['max_retries'], 3, 0, 10);
  return times === 0 ? null : { times, intervalMs: integerOf(retry['retry_interval'], 1000, 0, 10_000) };
}

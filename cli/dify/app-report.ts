import { formatPlace } from '../ingest/source-error.ts';
import type { DifyApp, DifyFeatures, DifyNode, DifyRemark, LeftOut } from './dify-app.ts';
import type { NodeSite, Site } from './decide-sites.ts';
import { withoutCredentials } from './find-credentials.ts';
import type { Coverage, FlowPath, PathAnalysis } from './find-paths.ts';
import { outcomesOf } from './find-paths.ts';

/** One node in a report. */
export interface ReportNode {
  readonly id: string;
  readonly type: string;
  readonly title: string;
  /** Id of the iteration or loop it lies in, null at the top. */
  readonly parent: string | null;
  readonly site: Site;
  readonly reason: string;
  /** Whether understudy.yml decided the site. */
  readonly isChosen: boolean;
  /** Interpreter of a code node on the device. */
  readonly runtime: string | null;
  /** Whether some run comes to it; what none comes to is not compiled. */
  readonly isReachable: boolean;
  readonly line: number;
  readonly column: number;
  readonly position: { readonly x: number; readonly y: number } | null;
}

/** One edge in a report. */
export interface ReportEdge {
  readonly source: string;
  readonly handle: string;
  /** What the handle says to people: `IF`, the name of a class; '' for the edge of a node that does not branch. */
  readonly label: string;
  readonly target: string;
}

/** Something an export never holds, and how to supply it. */
export interface MissingPart {
  readonly kind: 'knowledge' | 'annotations' | 'secret';
  /** Id of the dataset, name of the secret, '' for annotations. */
  readonly id: string;
  readonly what: string;
  /** Ids of the nodes that need it. */
  readonly nodes: readonly string[];
  /** The command that supplies it; null when nothing does, because it must not be in a bundle. */
  readonly command: string | null;
}

/** A remark, or a thing that was left out, at its place. */
export interface ReportNote {
  readonly node: string | null;
  readonly what: string;
  readonly line: number;
  readonly column: number;
}

/** What `understudy inspect` says of an app; described in docs/dify.md. */
export interface AppReport {
  readonly format: 'understudy/dify-report';
  readonly version: 1;
  readonly file: string;
  readonly app: { readonly name: string; readonly mode: string; readonly description: string };
  readonly dslVersion: string;
  readonly coverage: Coverage;
  readonly sites: { readonly [site in Site]: number };
  readonly nodes: readonly ReportNode[];
  readonly edges: readonly ReportEdge[];
  readonly paths: readonly FlowPath[];
  readonly isTruncated: boolean;
  readonly missing: readonly MissingPart[];
  readonly leftOut: readonly ReportNote[];
  readonly remarks: readonly ReportNote[];
  readonly features: DifyFeatures;
}

/** What a report is made of. */
export interface ReportParts {
  readonly app: DifyApp;
  readonly sites: ReadonlyMap<string, NodeSite>;
  readonly paths: PathAnalysis;
  readonly remarks: readonly DifyRemark[];
  readonly leftOut: readonly LeftOut[];
  readonly datasets: readonly { readonly node: string; readonly ids: readonly string[] }[];
  /** Datasets whose knowledge is at hand. */
  readonly known: ReadonlySet<string>;
  readonly hasAnnotations: boolean;
  /** Path of the export, for commands. */
  readonly path: string;
}

/** Makes the report of a compiled app. */
export function makeReport(parts: ReportParts): AppReport {
  const { app, sites, paths } = parts;
  const nodes = app.nodes.map((node) => reportNode(node, sites, paths.reachable));
  const count = (site: Site): number => nodes.filter((node) => node.site === site).length;
  return {
    format: 'understudy/dify-report',
    version: 1,
    file: app.file,
    app: {
      name: withoutCredentials(app.name),
      mode: app.mode,
      description: withoutCredentials(app.description),
    },
    dslVersion: app.version,
    coverage: paths.coverage,
    sites: {
      edge: count('edge'),
      'edge-model': count('edge-model'),
      lead: count('lead'),
      refused: count('refused'),
    },
    nodes,
    edges: reportEdges(app),
    paths: paths.paths,
    isTruncated: paths.isTruncated,
    missing: missingParts(parts),
    leftOut: parts.leftOut.map(reportNote),
    remarks: parts.remarks.map(reportNote),
    features: app.features,
  };
}

function reportNode(
  node: DifyNode,
  sites: ReadonlyMap<string, NodeSite>,
  reachable: ReadonlySet<string>,
): ReportNode {
  const { id, type, title, parent, place, position } = node;
  const { site = 'refused', reason = '', isChosen = false, runtime = null } = sites.get(id) ?? {};
  return {
    id,
    type,
    title: withoutCredentials(title),
    parent,
    site,
    reason,
    isChosen,
    runtime,
    isReachable: reachable.has(id),
    line: place.line ?? 1,
    column: place.column ?? 1,
    position,
  };
}

function reportEdges(app: DifyApp): readonly ReportEdge[] {
  const labels = new Map(app.nodes.map((node) => [node.id, new Map(outcomesOf(node))]));
  return app.edges.map(({ source, handle, target }) => {
    const known = labels.get(source)?.get(handle) ?? (handle === 'fail-branch' ? 'failed' : '');
    return { source, handle, label: withoutCredentials(known), target };
  });
}

function reportNote({ place, node, what }: DifyRemark): ReportNote {
  return { node, what: withoutCredentials(what), line: place.line ?? 1, column: place.column ?? 1 };
}

/** Dify encrypts ids of datasets with the id of the workspace unless it is told not to. */
const PLAIN_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const ENCRYPTED_ID = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function missingParts({ app, datasets, known, hasAnnotations, path }: ReportParts): readonly MissingPart[] {
  const users = new Map<string, string[]>();
  for (const { node, ids } of datasets) for (const id of ids) users.set(id, [...(users.get(id) ?? []), node]);
  const build = `understudy build ${quoted(path)} --out DIR`;
  const knowledge = [...users]
    .filter(([id]) => !known.has(id))
    .map(([id, nodes]): MissingPart => {
      const isEncrypted = !PLAIN_ID.test(id) && id.length >= 44 && ENCRYPTED_ID.test(id);
      return {
        kind: 'knowledge',
        id,
        what: isEncrypted
          ? 'passages of a dataset whose id is encrypted: name the folder of its pages, or the workspace and pull it'
          : 'passages of a dataset: name the folder of its pages, or pull it',
        nodes,
        command: isEncrypted
          ? `${build} --dataset ${quoted(`${id}=FOLDER`)}  (or --tenant WORKSPACE_ID --dataset ${quoted(`${id}=pull`)})`
          : `${build} --dataset ${quoted(`${id}=FOLDER`)}  (or ${quoted(`${id}=pull`)})`,
      };
    });
  const annotations: MissingPart[] =
    app.features.hasAnnotations && !hasAnnotations
      ? [
          {
            kind: 'annotations',
            id: '',
            what: 'annotated questions, which the app answers word for word',
            nodes: [],
            command: `${build} --annotations FILE  (or --annotations pull)`,
          },
        ]
      : [];
  return [...knowledge, ...annotations, ...missingSecrets(app)];
}

function missingSecrets(app: DifyApp): readonly MissingPart[] {
  return app.environment
    .filter(({ variable }) => variable === null)
    .map(({ name, place }): MissingPart => ({
      kind: 'secret',
      id: name,
      what: `the value of "${name}" (${formatPlace(place)}) stays in Dify: nodes that need it are left to the cloud`,
      nodes: app.nodes.filter((node) => JSON.stringify(node.data).includes(name)).map((node) => node.id),
      command: null,
    }));
}

/** Quotes an argument for a shell where it needs it. */
function quoted(argument: string): string {
  return /^[\w./=:@%+-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

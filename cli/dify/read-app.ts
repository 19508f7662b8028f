import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import { isRecord } from '../../src/contracts/json.ts';
import type { YamlText } from '../config/read-yaml.ts';
import { decodeText } from '../ingest/decode-text.ts';
import { checkGraph } from './check-graph.ts';
import { recordOf, textOf } from './data-fields.ts';
import type { DifyApp, DifyMode, DifyNode, DifyRemark } from './dify-app.ts';
import { DIFY_MODES, NEWEST_DSL_VERSION } from './dify-app.ts';
import { difyError, faultsError } from './dify-error.ts';
import type { ExpandedApp } from './expand-simple-app.ts';
import { expandSimpleApp } from './expand-simple-app.ts';
import { MAX_EXPORT_BYTES, megabytes, readExport, tooLarge } from './read-export.ts';
import { readFeatures } from './read-features.ts';
import { readGraph } from './read-graph.ts';
import { readConversation, readEnvironment, readFields } from './read-variables.ts';

/**
 * Reads the file of an exported app; its size is looked at before its content.
 * @throws UnderstudyError `cli/not-found`, `cli/source-invalid` (no UTF-8), and those of {@link readDifyApp}.
 */
export function loadDifyApp(path: string): DifyApp {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile() !== true)
    throw new UnderstudyError('cli/not-found', `"${path}" is no file.`, { facts: { path } });
  const file = basename(path);
  if (stats.size > MAX_EXPORT_BYTES)
    throw tooLarge(file, `it is ${megabytes(stats.size)} long, more than 10 MB`);
  return readDifyApp(decodeText(readFileSync(path), file), file);
}

/**
 * Reads an exported app of any version up to 0.6.0 and any mode, and checks its graph.
 * @param file - Name for places in errors and remarks.
 * @throws UnderstudyError `dify/invalid`, `dify/too-large`, `dify/version-unsupported`, `dify/not-an-app`, each with
 *   file, line and column; `facts.faults` lists all that is wrong with a graph.
 */
export function readDifyApp(text: string, file: string): DifyApp {
  const yaml = readExport(text.replace(/^\ufeff/, ''), file);
  const remarks: DifyRemark[] = [];
  const remark = (path: readonly string[], what: string): void => {
    remarks.push({ place: yaml.placeOf(path), node: null, what });
  };
  const root = checkKind(yaml);
  const version = readVersion(yaml, remark);
  const app = recordOf(root['app']);
  const mode = readMode(yaml, remark);
  const isGraph = mode === 'advanced-chat' || mode === 'workflow';
  const graph = isGraph ? graphOf(yaml) : expandSimpleApp(yaml, mode);
  const workflow = recordOf(root['workflow']);
  const featuresPath = isGraph ? ['workflow', 'features'] : ['model_config'];
  const read = readFeatures(isGraph ? workflow['features'] : root['model_config'], (...path) =>
    yaml.placeOf([...featuresPath, ...path]),
  );
  const environment = readEnvironment(workflow['environment_variables'], (index) =>
    yaml.placeOf(['workflow', 'environment_variables', index]),
  );
  return {
    file,
    mode,
    name: textOf(app['name']) || file.replace(/\.[^.]*$/, ''),
    description: textOf(app['description']),
    icon: textOf(app['icon_type'], 'emoji') === 'image' ? '' : textOf(app['icon']),
    iconBackground: textOf(app['icon_background']) || null,
    version,
    nodes: graph.nodes,
    edges: graph.edges,
    start: graph.nodes.find((node) => node.type === 'start')?.id ?? '',
    fields: graph.fields,
    environment: environment.variables,
    conversation: readConversation(workflow['conversation_variables']),
    features: read.features,
    remarks: [...remarks, ...read.remarks],
    leftOut: [...environment.leftOut, ...read.leftOut, ...graph.leftOut],
  };
}

/** Refuses what is no exported app, in words for what it is. */
function checkKind(yaml: YamlText): { readonly [key: string]: unknown } {
  const { value: root } = yaml;
  if (!isRecord(root))
    throw difyError(
      'dify/invalid',
      yaml.placeOf([]),
      'this is no exported app: it is no map with "app" and "workflow"',
    );
  const kind = root['kind'];
  if (kind === 'rag_pipeline' || ('rag_pipeline' in root && !('app' in root))) {
    const what = 'this is a pipeline that fills a knowledge base (kind "rag_pipeline"), which answers nobody';
    throw difyError('dify/not-an-app', yaml.placeOf(['kind']), what);
  }
  if (kind !== undefined && kind !== null && kind !== 'app')
    throw difyError(
      'dify/not-an-app',
      yaml.placeOf(['kind']),
      `this is an export of kind "${textOf(kind, '?')}", not of an app`,
    );
  if (isRecord(root['app'])) return root;
  const what =
    typeof root['app'] === 'string' && !('workflow' in root)
      ? 'this is an understudy.yml, not an exported app'
      : 'this is no exported app: there is no map "app"';
  throw difyError('dify/invalid', yaml.placeOf('app' in root ? ['app'] : []), what);
}

type Remark = (path: readonly string[], what: string) => void;

function readVersion(yaml: YamlText, remark: Remark): string {
  const value = recordOf(yaml.value)['version'];
  if (value === undefined || value === null) return '0.1.0';
  const text = textOf(value, '?').trim();
  const match = /^v?(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?$/.exec(text);
  if (match === null)
    throw difyError(
      'dify/invalid',
      yaml.placeOf(['version']),
      `"version" is "${text}"; it must be like "${NEWEST_DSL_VERSION}"`,
    );
  if (typeof value !== 'string')
    remark(['version'], `"version" is a number; write it in quotes, as Dify does`);
  const parts = [match[1], match[2], match[3]].map((part) => Number(part ?? '0'));
  const newest = NEWEST_DSL_VERSION.split('.').map(Number);
  const [difference] = parts.map((part, index) => part - (newest[index] ?? 0)).filter((by) => by !== 0);
  if (difference !== undefined && difference > 0) {
    const what = `the export has version ${text}, newer than ${NEWEST_DSL_VERSION}`;
    throw difyError('dify/version-unsupported', yaml.placeOf(['version']), what);
  }
  return parts.join('.');
}

function readMode(yaml: YamlText, remark: Remark): DifyMode {
  const root = recordOf(yaml.value);
  const named = textOf(recordOf(root['app'])['mode']);
  const place = yaml.placeOf(['app', 'mode']);
  if (named === 'rag-pipeline')
    throw difyError(
      'dify/not-an-app',
      place,
      'this is a pipeline that fills a knowledge base, which answers nobody',
    );
  const hasGraph = isRecord(root['workflow']);
  const hasConfig = isRecord(root['model_config']);
  const mode = DIFY_MODES.find((known) => known === named);
  if (mode === undefined && named !== '') {
    const what = `the app has the mode "${named}"; known are ${DIFY_MODES.join(', ')}`;
    throw difyError('dify/invalid', place, what);
  }
  if (mode === undefined && hasGraph) {
    remark(['app'], '"mode" is missing; the app is taken as "advanced-chat"');
    return 'advanced-chat';
  }
  const wantsGraph = mode === 'advanced-chat' || mode === 'workflow';
  if (wantsGraph ? hasGraph : hasConfig) return mode ?? 'chat';
  const missing = wantsGraph ? 'workflow' : 'model_config';
  throw difyError(
    'dify/invalid',
    yaml.placeOf(['app']),
    `the app has no "${missing}", which the mode "${mode ?? 'chat'}" needs`,
  );
}

function graphOf(yaml: YamlText): ExpandedApp {
  const { nodes, edges, faults } = readGraph(yaml);
  const all = [...faults, ...checkGraph(nodes, edges)];
  if (all.length > 0) throw faultsError('dify/invalid', all);
  const start = nodes.find((node) => node.type === 'start');
  if (start === undefined) throw noStart(yaml, nodes);
  return { nodes, edges, fields: readFields(start.data['variables']), leftOut: [] };
}

/** An app without a start node is begun by something else than a visitor, or it is not finished. */
function noStart(yaml: YamlText, nodes: readonly DifyNode[]): Error {
  const root = nodes.find(({ type }) => type.startsWith('trigger-') || type.startsWith('datasource'));
  if (root === undefined)
    return difyError(
      'dify/invalid',
      yaml.placeOf(['workflow', 'graph', 'nodes']),
      'the graph has no start node',
    );
  const what = root.type.startsWith('trigger-')
    ? `the app is begun by a trigger ("${root.id}", ${root.type}), not by a visitor`
    : `the app begins with a data source ("${root.id}"): it fills a knowledge base and answers nobody`;
  return difyError('dify/not-an-app', root.place, what);
}

/**
 * Prints JSON: how long a generated app takes to compile, and what a step of a plan costs besides its work. Null where a part is missing.
 *
 * Run with `node --import tsx`.
 */
const NODES = 500;
const TURNS = 20;

const load = (path) => import(new URL(path, import.meta.url).href).catch(() => null);

/** A chat app: start, then templates and code in turn, then an answer. */
function generatedApp(count) {
  const position = { x: 0, y: 0 };
  const nodes = [
    { id: 'n0', type: 'custom', position, data: { type: 'start', title: 'Start', variables: [] } },
  ];
  for (let at = 1; at < count - 1; at += 1) {
    const variables = [{ variable: 'q', value_selector: ['sys', 'query'] }];
    const data =
      at % 2 === 0
        ? { type: 'template-transform', title: `T${at}`, template: 'Hello {{ q }}', variables }
        : {
            type: 'code',
            title: `C${at}`,
            code_language: 'python3',
            code: 'def main(q: str) -> dict:\n    return {"r": q.strip()}',
            variables,
            outputs: { r: { type: 'string', children: null } },
          };
    nodes.push({ id: `n${at}`, type: 'custom', position, data });
  }
  const answer = { type: 'answer', title: 'Answer', answer: 'You said {{#sys.query#}}.', variables: [] };
  nodes.push({ id: `n${count - 1}`, type: 'custom', position, data: answer });
  const edges = nodes.slice(1).map(({ id, data }, at) => ({
    id: `e${at}`,
    type: 'custom',
    source: `n${at}`,
    sourceHandle: 'source',
    target: id,
    targetHandle: 'target',
    data: { sourceType: nodes[at].data.type, targetType: data.type },
  }));
  return JSON.stringify({
    version: '0.6.0',
    kind: 'app',
    app: { name: 'Generated', mode: 'advanced-chat', description: '', icon: 'x', icon_background: '#fff' },
    workflow: {
      environment_variables: [],
      conversation_variables: [],
      features: {},
      graph: { nodes, edges, viewport: { x: 0, y: 0, zoom: 1 } },
    },
  });
}

async function compileTime() {
  const reader = await load('../../cli/dify/read-app.ts');
  const compiler = await load('../../cli/dify/compile-app.ts');
  if (reader === null || compiler === null) return null;
  const text = generatedApp(NODES);
  const start = performance.now();
  compiler.compileApp(reader.readDifyApp(text, 'generated.yml'));
  return performance.now() - start;
}

/** A plan of steps that do nothing: what is left is the interpreter's own. */
async function overhead() {
  const scripted = await load('../../src/plan/scripted-plan.ts');
  if (scripted === null) return null;
  const { answer, planOf, runScripted, step } = scripted;
  const count = 400;
  const chain = Array.from({ length: count }, (_, at) =>
    step(`s${at}`, 'code', { to: [at + 1 < count ? `s${at + 1}` : 'end'] }),
  );
  const plan = planOf([
    step('begin', 'start', { to: ['s0'], config: { fields: [] } }),
    ...chain,
    answer('end', 'Done.'),
  ]);
  await runScripted(plan);
  const start = performance.now();
  for (let turn = 0; turn < TURNS; turn += 1) await runScripted(plan);
  return (performance.now() - start) / TURNS / count;
}

const reported = async (work) => {
  try {
    return await work();
  } catch (error) {
    console.error(error);
    return null;
  }
};
console.log(
  JSON.stringify({
    steps: NODES,
    compileMs: await reported(compileTime),
    overheadMs: await reported(overhead),
  }),
);

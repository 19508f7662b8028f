/** Import directions: one row a folder, saying what it may import inside the repository. */
const may = {
  'src/contracts': [],
  'src/text': ['src/contracts'],
  'src/bytes': ['src/contracts'],
  'src/kernel': ['src/contracts', 'src/bytes'],
  'src/intent': ['src/contracts', 'src/text', 'src/bytes'],
  'src/retrieval': ['src/contracts', 'src/text', 'src/bytes'],
  'src/plan': ['src/contracts', 'src/text'],
  // The kernel is for one of them: see `kernel-only-in-its-engine`.
  'src/engines': ['src/contracts', 'src/text', 'src/bytes', 'src/kernel'],
  'src/store': ['src/contracts', 'src/bytes'],
  'src/bundle': ['src/contracts', 'src/bytes'],
  'src/grounding': ['src/contracts', 'src/text'],
  'src/sandbox': ['src/contracts'],
  'src/session': ['src/contracts', 'src/text', 'src/intent', 'src/retrieval', 'src/plan', 'src/grounding'],
  'src/service-worker': ['src/contracts'],
  'src/client': ['src/contracts'],
  'src/worker': [
    'src/contracts',
    'src/text',
    'src/bytes',
    'src/kernel',
    'src/intent',
    'src/retrieval',
    'src/plan',
    'src/engines',
    'src/store',
    'src/bundle',
    'src/grounding',
    'src/sandbox',
    'src/session',
  ],
  components: ['src/contracts', 'src/client'],
  cli: [
    'src/contracts',
    'src/text',
    'src/bytes',
    'src/kernel',
    'src/intent',
    'src/retrieval',
    'src/plan',
    'src/engines',
    'src/store',
    'src/bundle',
    'src/grounding',
    'src/sandbox',
    'src/session',
    'models/catalogue',
  ],
  integrations: [],
  demo: [],
};
const ours = '^(src/[^/]+|components|cli|integrations|models|demo|bench|test)/';
const tests = '(\\.test\\.ts$|\\.node\\.test\\.ts$)';
const row = ([folder, allowed]) => ({
  name: `direction-${folder.replace('/', '-')}`,
  comment: `${folder} may import ${allowed.join(', ') || 'nothing of ours'}.`,
  severity: 'error',
  from: { path: `^${folder}/`, pathNot: tests },
  to: { path: ours, pathNot: `^(${[folder, ...allowed].join('|')})/` },
});

module.exports = {
  forbidden: [
    ...Object.entries(may).map(row),
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-node-in-browser-code',
      severity: 'error',
      from: { path: '^(src|components)/', pathNot: '\\.node\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'lit-only-in-components',
      severity: 'error',
      from: { path: '^(src|cli)/' },
      to: { path: 'node_modules/(lit|@lit|lit-html|lit-element)/' },
    },
    {
      name: 'model-runtimes-only-in-engines',
      severity: 'error',
      from: { path: '^(src|components|cli)/', pathNot: '^src/engines/' },
      // @huggingface/jinja is no runtime: it renders chat templates, for the kernel too.
      to: { path: 'node_modules/(@huggingface/(?!jinja/)|onnxruntime-[^/]+|@wllama|@mlc-ai)/' },
    },
    {
      name: 'storage-only-in-store',
      severity: 'error',
      from: { path: '^(src|components|cli)/', pathNot: '^src/store/' },
      to: { path: 'node_modules/localforage/' },
    },
    {
      // What engines share stands in a folder that is no engine: how tokens become an answer.
      name: 'engines-do-not-import-each-other',
      severity: 'error',
      from: { path: '^src/engines/([^/]+)/' },
      to: { path: '^src/engines/', pathNot: '^src/engines/($1|writing)/' },
    },
    {
      name: 'kernel-only-in-its-engine',
      severity: 'error',
      from: { path: '^src/engines/', pathNot: [tests, '^src/engines/kernel/'] },
      to: { path: '^src/kernel/' },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: { path: '^(src|components|cli)/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'browser', 'default'] },
  },
};

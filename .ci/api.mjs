/**
 * `npm run api`: compares what the package exports with the committed reports in `api/`, so that every change of it is
 * a diff to be read. `-- --update` writes the reports.
 */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { root } from './prepare.mjs';
import { explainFailure } from './steps.mjs';
import { writeTypes } from './types.mjs';

const REPORTS = [
  { name: 'understudy', entry: 'src/client/index.d.ts' },
  { name: 'understudy-kernel', entry: 'src/kernel/index.d.ts' },
  { name: 'understudy-element', entry: 'components/understudy-chat/define.d.ts' },
];
const update = process.argv.includes('--update');
const types = join(root, '.cache/types');
const scratch = join(root, '.cache/api');

/** Writes the report of one entry point and says whether the committed one is the same. */
function isUnchanged({ name, entry }) {
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: join(types, entry),
      compiler: {
        overrideTsconfig: {
          extends: join(root, 'tsconfig.base.json'),
          compilerOptions: {
            lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable'],
            experimentalDecorators: true,
          },
          include: [join(types, '**/*.d.ts')],
        },
        skipLibCheck: true,
      },
      apiReport: {
        enabled: true,
        reportFolder: join(root, 'api'),
        reportTempFolder: scratch,
        reportFileName: name,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Warning } },
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
          // Everything that is exported is public; a tag on each would say nothing.
          'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
          'ae-undocumented': { logLevel: ExtractorLogLevel.None },
        },
        // The tags of web components (@fires, @csspart) are no TSDoc.
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, 'package.json'),
  });
  const result = Extractor.invoke(config, {
    localBuild: update,
    showVerboseMessages: false,
    messageCallback: (message) => {
      message.handled = true;
      if (message.logLevel === 'error') console.log(message.text);
    },
  });
  return !result.apiReportChanged;
}

try {
  await mkdir(join(root, 'api'), { recursive: true });
  await mkdir(scratch, { recursive: true });
  await rm(types, { recursive: true, force: true });
  await writeTypes(types);
  for (const report of REPORTS) {
    const isSame = isUnchanged(report);
    const file = `api/${report.name}.api.md`;
    if (isSame) console.log(`${file}: unchanged`);
    else if (update) console.log(`${file}: written`);
    else {
      console.log(`${file}: differs from what is exported now.`);
      await showDifference(file, join(scratch, `${report.name}.api.md`));
      process.exitCode = 1;
    }
  }
  if (process.exitCode === 1) console.log('Read the difference; if it is meant: npm run api -- --update');
} catch (error) {
  explainFailure(error);
  process.exitCode = 1;
}

/** Prints the lines that only one of the two has. */
async function showDifference(committed, current) {
  const lines = async (path) => (await readFile(path, 'utf8').catch(() => '')).split('\n');
  const [old, now] = [await lines(join(root, committed)), await lines(current)];
  for (const line of old.filter((text) => !now.includes(text))) console.log(`  - ${line}`);
  for (const line of now.filter((text) => !old.includes(text))) console.log(`  + ${line}`);
}

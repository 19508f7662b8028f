import { statSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { localize } from '../../src/contracts/language.ts';
import { openBundleFolder } from '../ask/open-bundle-folder.ts';
import { buildBundle } from '../build/build-bundle.ts';
import { hasBundle, readBundleFolder } from '../build/read-bundle-folder.ts';
import { writeFileWhole } from '../build/write-file.ts';
import type { LeadConfig } from '../config/build-config.ts';
import { loadConfig } from '../config/load-config.ts';
import { isAddress } from '../fetch/address-fault.ts';
import { CACHE_FOLDER } from '../config/parse-app.ts';
import { packageFolder } from '../package-folder.ts';
import { collectPublication } from '../publish/collect-publication.ts';
import type { PublicationFacts } from '../publish/publication-texts.ts';
import { writeZip } from '../publish/write-zip.ts';
import { formatSize } from '../terminal/format-size.ts';
import { createProgress } from '../terminal/progress.ts';
import { APP_OPTIONS, readAppOptions } from './app-options.ts';
import { namedModelHub } from './model-options.ts';
import { creationDate } from './creation-date.ts';
import type { Command } from './command.ts';
import { onePositional, parseOptions, usageError } from './command.ts';

/** `understudy publish`. */
export const publishCommand: Command = {
  name: 'publish',
  summary: 'put bundle, scripts, snippet and headers into one folder or zip to upload',
  help: `Usage: understudy publish <bundle | understudy.yml | app.yml | folder> (--out DIR | --zip FILE) [options]

Makes one publication: bundle/, understudy/ (the scripts), snippet.html, _headers and README.md. A configuration or an app is built
first, into ${CACHE_FOLDER}/bundle beside it, so that the release goes up from one publication to the next.

Options:
  --out DIR               folder of the publication
  --zip FILE              zip file of the publication; the same input gives the same bytes
  --lead KIND:URL[#CODE]  lead attribute of the snippet (default: what the configuration says)
  --base PATH             folder of the site in which it will lie (default: /)
  --config, --dataset, --tenant, --annotations, --dify-url   as of understudy build
  --json                  print one JSON object
  -h, --help              show this text`,
  async run({ args, terminal, signal }) {
    const options = parseOptions(args, {
      out: { type: 'string' },
      zip: { type: 'string' },
      lead: { type: 'string' },
      base: { type: 'string' },
      ...APP_OPTIONS,
      json: { type: 'boolean' },
    });
    const target = onePositional(options, 'a bundle, a configuration or an exported app');
    const [out, zip] = [options.text('out'), options.text('zip')];
    if ((out ?? '') === '' && (zip ?? '') === '')
      throw usageError('Name a folder with --out or a file with --zip.');
    const base = readBase(options.text('base') ?? '/');
    const progress = createProgress(terminal);
    let bundle = resolve(target);
    let lead = options.text('lead');
    const remarks: string[] = [];
    const made: string[] = [];
    try {
      if (!hasBundle(bundle)) {
        const isFolder = statSync(bundle, { throwIfNoEntry: false })?.isDirectory() === true;
        const config = loadConfig(target, { ...readAppOptions(options), ...namedModelHub() });
        const beside = isAddress(target) ? '.' : isFolder ? bundle : dirname(bundle);
        const folder = config.app?.cache ?? resolve(beside, CACHE_FOLDER);
        bundle = join(folder, 'bundle');
        const built = await buildBundle(config, {
          out: bundle,
          createdAt: creationDate(),
          onProgress: (text) => progress.update(text),
          signal,
        });
        remarks.push(...built.remarks);
        lead ??= leadAttribute(config.lead);
      }
      // Every byte is checked before it is given out.
      progress.update('checking the bundle');
      const opened = await openBundleFolder(bundle, { withGenerator: false, signal });
      const { manifest } = opened;
      const dist = join(packageFolder().path, 'dist');
      const facts: PublicationFacts = {
        title: localize(manifest.branding.title, manifest.languages[0] ?? 'en'),
        appId: manifest.appId,
        release: manifest.release,
        version: packageFolder().version,
        lead,
        base,
        origins: originsOf(lead),
      };
      const files = collectPublication({ bundle, contents: readBundleFolder(bundle), dist, facts });
      let sizeBytes = 0;
      if (out !== null && out !== '') {
        for (const file of files) {
          const path = resolve(out, file.path);
          if (!path.startsWith(resolve(out) + sep)) continue;
          const bytes = file.read();
          sizeBytes += bytes.length;
          writeFileWhole(path, bytes);
        }
        made.push(out);
      }
      if (zip !== null && zip !== '') {
        progress.update('writing the zip');
        sizeBytes = writeZip(resolve(zip), files);
        made.push(zip);
      }
      progress.done();
      if (options.flag('json')) {
        terminal.out(
          JSON.stringify({
            made,
            app: manifest.appId,
            release: manifest.release,
            files: files.length,
            sizeBytes,
            remarks,
          }),
        );
      } else {
        for (const remark of remarks) terminal.note(`warning: ${remark}`);
        terminal.out(
          `${manifest.appId}: release ${String(manifest.release)} in ${made.join(' and ')}, ${String(files.length)} files, ${formatSize(sizeBytes)}`,
        );
        terminal.out('README.md in it says what to upload where.');
      }
      return 0;
    } finally {
      progress.done();
    }
  },
};

function readBase(text: string): string {
  if (!/^\/(?:[\w.~-]+\/)*[\w.~-]*$/.test(text))
    throw usageError(`--base must be a path such as /chat/, not "${text}".`);
  return text.endsWith('/') ? text : `${text}/`;
}

function leadAttribute(lead: LeadConfig | null): string | null {
  if (lead === null) return null;
  return `${lead.kind}:${lead.baseUrl}${lead.appCode === '' ? '' : `#${lead.appCode}`}`;
}

/** The origin of the lead, for policies; none where it lies on the site itself. */
function originsOf(lead: string | null): readonly string[] {
  const address = lead?.replace(/^[\w-]+:(?=https?:|\/)/, '').replace(/#.*$/, '') ?? '';
  return URL.canParse(address) ? [new URL(address).origin] : [];
}

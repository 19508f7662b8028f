import { basename, resolve } from 'node:path';
import process from 'node:process';
import { systemClock } from '../../src/session/system-clock.ts';
import { loadConfig } from '../config/load-config.ts';
import { MAX_EXPECTED } from '../expect/accept-questions.ts';
import { writeExpected } from '../expect/write-expected.ts';
import { writeNearMisses } from '../expect/write-near-misses.ts';
import { addressFault } from '../fetch/address-fault.ts';
import { openPages } from '../suggest/open-pages.ts';
import { createProgress } from '../terminal/progress.ts';
import { hasBundle } from '../build/read-bundle-folder.ts';
import type { Command } from './command.ts';
import { integerOption, onePositional, parseOptions, usageError } from './command.ts';

/** Environment variable with the key of the endpoint. */
export const ENDPOINT_KEY = 'UNDERSTUDY_ENDPOINT_KEY';
const DEFAULT_FILE = 'expected-questions.jsonl';
const DEFAULT_MISSES_FILE = 'near-misses.jsonl';
const DEFAULT_COUNT = 16;
const MAX_COUNT = MAX_EXPECTED;
const DEFAULT_PARALLEL = 2;
const MAX_PARALLEL = 32;

/** `understudy expect`. */
export const expectCommand: Command = {
  name: 'expect',
  summary:
    'let a model write the questions that visitors may ask, so that pages are found by other words than their own',
  help: `Usage: understudy expect <understudy.yml | folder | address | bundle> --endpoint URL --model NAME [options]

Asks a chat model, passage by passage, which questions of visitors the passage answers, and writes them into a file that "understudy
build" reads. The search finds passages by these questions; visitors never see them. Run it again after pages have changed: only what is
new is asked, with --more also what has fewer questions than --count. The texts of the pages are sent to the endpoint.

With --near-misses it asks, page by page, for questions that come near to the page and that no page answers; another request checks them
against the passages that the search finds. What is like them is answered with more care. A page that has changed is asked about anew.

Options:
  --endpoint URL   base of an API of the chat completions protocol, as in https://api.example.com/v1 or http://localhost:8080/v1;
                   a key is taken from ${ENDPOINT_KEY} and stands in no file
  --model NAME     the model, as the endpoint calls it
  --near-misses    questions that no page answers, in place of those that the passages do
  --out FILE       the file (default: "expected" or "nearMisses" of the configuration, else ${DEFAULT_FILE} or
                   ${DEFAULT_MISSES_FILE})
  --count N        questions of a passage, or near misses of a page of up to six passages, 1 to ${MAX_COUNT}
                   (default: ${DEFAULT_COUNT})
  --more           ask also about those that have fewer, for what is missing
  --parallel N     requests at a time, 1 to ${MAX_PARALLEL} (default: ${DEFAULT_PARALLEL})
  --most N         passages, or pages, asked about in this run (default: all)
  --json           print one JSON object
  -h, --help       show this text`,
  async run({ args, terminal, signal }) {
    const options = parseOptions(args, {
      endpoint: { type: 'string' },
      model: { type: 'string' },
      out: { type: 'string' },
      count: { type: 'string' },
      parallel: { type: 'string' },
      most: { type: 'string' },
      more: { type: 'boolean' },
      'near-misses': { type: 'boolean' },
      json: { type: 'boolean' },
    });
    const target = onePositional(
      options,
      'an understudy.yml, a folder of pages, the address of a site or a bundle',
    );
    const [baseUrl, model] = [options.text('endpoint'), options.text('model')];
    if (baseUrl === null) throw usageError('Name the API with --endpoint.');
    const fault = addressFault(baseUrl);
    if (fault !== null) throw usageError(`--endpoint: "${baseUrl}" ${fault}.`);
    if (model === null || model === '') throw usageError('Name the model with --model.');
    const key = process.env[ENDPOINT_KEY] ?? '';
    const count = integerOption(options, 'count', 1, MAX_COUNT) ?? DEFAULT_COUNT;
    const parallel = integerOption(options, 'parallel', 1, MAX_PARALLEL) ?? DEFAULT_PARALLEL;
    const most = integerOption(options, 'most', 1, Number.MAX_SAFE_INTEGER) ?? Number.MAX_SAFE_INTEGER;
    const forMisses = options.flag('near-misses');
    const config = hasBundle(target) ? null : loadConfig(target);
    const configured = (forMisses ? config?.nearMissesFile : config?.expectedFile) ?? null;
    const out = resolve(
      options.text('out') ?? configured ?? (forMisses ? DEFAULT_MISSES_FILE : DEFAULT_FILE),
    );
    const progress = createProgress(terminal);
    try {
      // Expected questions help to find what answers a question that should be a near miss.
      const { passages, retriever } = await openPages(target, signal, {
        withExpected: forMisses,
        withNearMisses: false,
      });
      const how = {
        out,
        endpoint: { baseUrl, model, key: key === '' ? null : key },
        count,
        parallel,
        most,
        isAddingMore: options.flag('more'),
        services: {
          fetch: globalThis.fetch,
          clock: systemClock,
          signal,
          onProgress: (text: string) => {
            progress.update(text);
          },
        },
      };
      const written = forMisses
        ? await writeNearMisses(passages, retriever, how)
        : await writeExpected(passages, how);
      progress.done();
      if (options.flag('json')) terminal.out(JSON.stringify({ out, passages: passages.length, ...written }));
      else {
        const { asked, kept, empty, left, questions } = written;
        const [of, what, option, field] = forMisses
          ? [kept + asked + left, 'pages', '--near-misses', 'nearMisses']
          : [passages.length, 'passages', '--expected', 'expected'];
        terminal.out(`${out}: ${questions} questions for ${of} ${what}`);
        terminal.out(
          `  ${kept} ${what} had theirs, ${asked} were asked about, ${empty} of them in vain, ${left} are left`,
        );
        if (configured !== out)
          terminal.out(`Build with ${option} ${out}, or "${field}: ${basename(out)}" in understudy.yml`);
      }
    } finally {
      progress.done();
    }
    return 0;
  },
};

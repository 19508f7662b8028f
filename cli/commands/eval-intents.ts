import { basename } from 'node:path';
import { writeFileWhole } from '../build/write-file.ts';
import { intentFindings, intentRows, intentsPage } from '../evaluation/intents/describe-intents.ts';
import { readLabeledMessages } from '../evaluation/intents/labeled-messages.ts';
import { measureIntents, type IntentReport } from '../evaluation/intents/measure-intents.ts';
import { openEncoder } from '../generator/open-encoder.ts';
import { systemClock } from '../../src/session/system-clock.ts';
import { DEFAULT_MODEL_HUB } from '../config/parse-model.ts';
import { modelCacheIn } from '../config/parse-config.ts';
import { createModelFetcher } from '../models/fetch/create-model-fetcher.ts';
import { createProgress } from '../terminal/progress.ts';
import type { Command } from './command.ts';
import { parseOptions, usageError } from './command.ts';
import { modelOption, readModelHub } from './model-options.ts';

/** `understudy eval intents`. */
export const evalIntentsCommand: Command = {
  name: 'intents',
  summary: 'train the intent classifier on one set of messages and measure it on another',
  help: `Usage: understudy eval intents --train FILE [--train FILE ...] --test FILE [options]

Files are JSONL of {"text", "label", "lang", "oos"} or CSV with the columns text and label. Rows with "oos": true or the label "oos"
are out of scope: the right answer to them is that no intent fits.

Options:
  --train FILE  messages to learn from; may come several times
  --test FILE   messages to measure on; may come several times
  --encoder WHICH  compare vectors beside the words: default, a GGUF file of a sentence encoder, or an id of
                   the catalogue or address of one
  --no-oos      do not learn from the messages out of scope of the training files
  --html FILE   write a report with every miss
  --json        print one JSON object: scores, confusions, advice
  -h, --help    show this text`,
  async run({ args, terminal, signal }) {
    const options = parseOptions(args, {
      train: { type: 'string', multiple: true },
      test: { type: 'string', multiple: true },
      encoder: { type: 'string' },
      'no-oos': { type: 'boolean' },
      html: { type: 'string' },
      json: { type: 'boolean' },
    });
    const [unknown] = options.positionals;
    if (unknown !== undefined) throw usageError(`"${unknown}" belongs to no option.`);
    const trainFiles = options.texts('train');
    const testFiles = options.texts('test');
    if (trainFiles.length === 0) throw usageError('Name messages to learn from with --train.');
    if (testFiles.length === 0) throw usageError('Name messages to measure on with --test.');
    const train = trainFiles.flatMap(readLabeledMessages);
    const test = testFiles.flatMap(readLabeledMessages);
    signal.throwIfAborted();
    const progress = createProgress(terminal);
    progress.update(`training on ${train.length} messages`);
    const fetchModel = createModelFetcher(
      {
        hub: readModelHub(null) ?? DEFAULT_MODEL_HUB,
        cache: modelCacheIn('.'),
        sha256: null,
        task: 'encoder',
      },
      { fetch, clock: systemClock, signal, onProgress: (text) => progress.update(text) },
    );
    const opened = await openEncoder(modelOption(options, 'encoder') ?? { kind: 'none' }, fetchModel, signal);
    let report: IntentReport;
    try {
      const withOutOfScope = !options.flag('no-oos');
      report = measureIntents(train, test, { withOutOfScope, encoder: opened?.encoder ?? null });
    } finally {
      opened?.encoder.dispose();
    }
    progress.done();
    const html = options.text('html');
    if (html !== null)
      writeFileWhole(html, intentsPage(testFiles.map((file) => basename(file)).join(', '), report));
    if (options.flag('json')) {
      const { scores, ...rest } = report;
      terminal.out(JSON.stringify({ ...scores, ...rest, predictions: undefined }));
      return 0;
    }
    for (const [name, value] of intentRows(report)) terminal.out(`${name.padEnd(42)} ${value}`);
    for (const line of intentFindings(report)) terminal.out(line);
    return 0;
  },
};

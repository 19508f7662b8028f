import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import { writeFileWhole } from '../build/write-file.ts';
import { CONFIG_FILE, INTENTS_FILE } from '../config/load-config.ts';
import { appIdFrom, parseConfig } from '../config/parse-config.ts';
import { STARTER_INTENTS } from '../config/starter-intents.ts';
import { starterConfig } from '../init/starter-config.ts';
import type { StarterAnswers } from '../init/starter-config.ts';
import type { Command, CommandOptions, CommandRun } from './command.ts';
import { parseOptions, usageError } from './command.ts';

/** `understudy init`. */
export const initCommand: Command = {
  name: 'init',
  summary: 'write an understudy.yml and an intents.yml to start from',
  help: `Usage: understudy init [folder] [options]

Asks a few questions where a person types, else takes the options and defaults. Existing files are never overwritten.

Options:
  --app ID          app id (default: name of the folder)
  --name NAME       name of the assistant (default: the app id)
  --languages LIST  as in en,zh (default: en)
  --pages PATH      folder of the pages (default: help if there is one, else .)
  --url PATTERN     address of a page, as in /help/{path}.html (default: none)
  --yes             ask nothing
  -h, --help        show this text`,
  async run(run) {
    const options = parseOptions(run.args, {
      app: { type: 'string' },
      name: { type: 'string' },
      languages: { type: 'string' },
      pages: { type: 'string' },
      url: { type: 'string' },
      yes: { type: 'boolean' },
    });
    if (options.positionals.length > 1) throw usageError('Name one folder.');
    const folder = resolve(options.positionals[0] ?? '.');
    for (const file of [CONFIG_FILE, INTENTS_FILE]) {
      const path = join(folder, file);
      if (!existsSync(path)) continue;
      throw new UnderstudyError('cli/write-failed', `"${file}" exists already and is left alone.`, {
        facts: { path },
      });
    }
    const defaults = defaultAnswers(folder, options);
    const isAsked = run.terminal.hasKeyboard && !options.flag('yes');
    const answers = isAsked ? await askAnswers(run, defaults) : defaults;
    const config = starterConfig(answers);
    // What is written must build: the parser refuses a bad app id or language with its place.
    parseConfig(config, join(folder, CONFIG_FILE));
    writeFileWhole(join(folder, CONFIG_FILE), config);
    writeFileWhole(join(folder, INTENTS_FILE), STARTER_INTENTS);
    run.terminal.out(`Wrote ${CONFIG_FILE} and ${INTENTS_FILE} in ${folder}.`);
    run.terminal.out(`Next: understudy build ${join(folder, CONFIG_FILE)} --out ${join(folder, 'bundle')}`);
    return 0;
  },
};

function defaultAnswers(folder: string, options: CommandOptions): StarterAnswers {
  const appId = options.text('app') ?? appIdFrom(folder);
  return {
    appId,
    name: options.text('name') ?? options.text('app') ?? basename(folder),
    languages: splitList(options.text('languages') ?? 'en'),
    pages: options.text('pages') ?? (existsSync(join(folder, 'help')) ? 'help' : '.'),
    url: options.text('url') ?? '',
  };
}

async function askAnswers(run: CommandRun, defaults: StarterAnswers): Promise<StarterAnswers> {
  const lines = createInterface({ input: run.terminal.input, output: process.stderr });
  const ask = async (question: string, fallback: string): Promise<string> => {
    const answer = await lines.question(`${question} [${fallback}] `, { signal: run.signal });
    return answer.trim() === '' ? fallback : answer.trim();
  };
  try {
    return {
      appId: await ask('App id (lower case)', defaults.appId),
      name: await ask('Name of the assistant', defaults.name),
      languages: splitList(await ask('Languages', defaults.languages.join(','))),
      pages: await ask('Folder of the pages', defaults.pages),
      url: await ask('Address of a page, as in /help/{path}.html; empty for none', defaults.url),
    };
  } finally {
    lines.close();
  }
}

function splitList(text: string): readonly string[] {
  return text
    .split(/[,\s]+/)
    .map((item) => item.trim().toLowerCase())
    .filter((item) => item !== '');
}

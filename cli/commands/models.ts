import { existsSync } from 'node:fs';
import { suggestName } from '../config/suggest-name.ts';
import { checkModelFile } from '../models/check-model-file.ts';
import type { ModelChoice } from '../models/choose-format.ts';
import { chooseFormat, DEFAULT_CONTEXT } from '../models/choose-format.ts';
import { describeFile, describeList, describeModel } from '../models/describe-model.ts';
import { findModel } from '../models/find-model.ts';
import { DEVICE_HELP, DEVICE_OPTIONS, deviceFrom } from '../models/judge-device.ts';
import { loadCatalogue } from '../models/load-catalogue.ts';
import { FILTER_OPTIONS, filterFrom, selectModels } from '../models/select-models.ts';
import { EXIT_BAD_INPUT } from '../terminal/report-error.ts';
import type { Command, CommandOptions, CommandRun } from './command.ts';
import { integerOption, parseOptions, usageError } from './command.ts';

const ACTIONS = ['list', 'show', 'check'] as const;
const MAX_CONTEXT = 1_048_576;

/** `understudy models`. */
export const modelsCommand: Command = {
  name: 'models',
  summary: 'list published models that the engines run, and check a model file',
  help: `Usage: understudy models list [options]
       understudy models show ID [options]
       understudy models check FILE|ID [options]

list   the models of the catalogue; "~" before a size: calculated from the parameters
show   everything known of one, each fact with its source
check  reads the header of a GGUF file: what it is, whether the kernel runs it and why not, and how well a device would;
       ends with status 2 when the kernel does not run it

Options of list:
  --engine NAME     kernel, transformers, wllama, webllm or prompt-api
  --task NAME       chat or encoder
  --language CODE   such as en or zh
  --licence NAME    permissive, or a license such as Apache-2.0
  --max-size SIZE   of the download, such as 200MB

Options of all:
${DEVICE_HELP}
  --context N       tokens that memory is reckoned with, not of list (default: ${DEFAULT_CONTEXT})
  --json            print one JSON object
  -h, --help        show this text

Grades of a device: excellent (a token in under 20 ms, 16 GB of memory), good (30 ms, 8 GB), acceptable (50 ms, 4 GB),
poor.`,
  async run({ args, terminal }) {
    const options = parseOptions(args, {
      ...FILTER_OPTIONS,
      ...DEVICE_OPTIONS,
      context: { type: 'string' },
      json: { type: 'boolean' },
    });
    const [action = '', ...rest] = options.positionals;
    switch (action) {
      case 'list':
        if (rest.length > 0) throw usageError(`"list" takes no "${rest.join(' ')}".`);
        return list(options, terminal);
      case 'show':
        return show(one(rest, 'a model'), options, terminal);
      case 'check':
        return check(one(rest, 'a GGUF file or a model'), options, terminal);
      default:
        throw usageError(unknownAction(action));
    }
  },
};

type Output = CommandRun['terminal'];

async function list(options: CommandOptions, terminal: Output): Promise<number> {
  const device = deviceFrom(options);
  const filter = filterFrom(options);
  if (options.text('context') !== null) throw usageError('--context is an option of "show" and "check".');
  const { models } = await loadCatalogue();
  const choices = selectModels(models, filter, device);
  if (options.flag('json')) terminal.out(JSON.stringify({ device, models: choices.map(toJson) }));
  else if (choices.length === 0) terminal.note(`None of ${models.length} models meets all wishes.`);
  else for (const line of describeList(choices)) terminal.out(line);
  return 0;
}

async function show(id: string, options: CommandOptions, terminal: Output): Promise<number> {
  refuseFilters(options, 'show');
  const { models, sources } = await loadCatalogue();
  const model = findModel(models, id);
  const choice = chooseFormat(model, null, deviceFrom(options), contextFrom(options));
  if (options.flag('json')) {
    const text = JSON.stringify(model);
    const cited = sources.filter((source) => text.includes(`"${source.id}:`));
    terminal.out(JSON.stringify({ model, sources: cited, choice: choice === null ? null : toJson(choice) }));
  } else for (const line of describeModel(model, choice)) terminal.out(line);
  return 0;
}

async function check(what: string, options: CommandOptions, terminal: Output): Promise<number> {
  refuseFilters(options, 'check');
  const device = deviceFrom(options);
  const context = contextFrom(options);
  if (existsSync(what) || /[/\\]|\.gguf$/i.test(what)) {
    const report = checkModelFile(what, device, context);
    if (options.flag('json')) terminal.out(JSON.stringify(report));
    else for (const line of describeFile(report)) terminal.out(line);
    return report.runs ? 0 : EXIT_BAD_INPUT;
  }
  const { models } = await loadCatalogue();
  const model = findModel(models, what);
  const choice = chooseFormat(model, 'kernel', device, context);
  const runs = choice !== null;
  const reason = runs
    ? null
    : 'The catalogue knows no GGUF file of an architecture and encodings that the kernel reads.';
  if (options.flag('json'))
    terminal.out(JSON.stringify({ id: model.id, runs, reason, choice: runs ? toJson(choice) : null }));
  else {
    terminal.out(`runs           ${reason === null ? 'yes, by the kernel' : `no: ${reason}`}`);
    for (const line of describeModel(model, choice)) terminal.out(line);
  }
  return runs ? 0 : EXIT_BAD_INPUT;
}

function toJson({ model, engines, format, weights, neededBytes, verdict }: ModelChoice): object {
  return { id: model.id, engines, format, weights, neededBytes, verdict };
}

function refuseFilters(options: CommandOptions, action: string): void {
  const given = Object.keys(FILTER_OPTIONS).find((name) => options.text(name) !== null);
  if (given !== undefined) throw usageError(`--${given} is an option of "list", not of "${action}".`);
}

function contextFrom(options: CommandOptions): number {
  return integerOption(options, 'context', 1, MAX_CONTEXT) ?? DEFAULT_CONTEXT;
}

function one(rest: readonly string[], what: string): string {
  const [first, ...others] = rest;
  if (first === undefined) throw usageError(`Name ${what}.`);
  if (others.length > 0) throw usageError(`Name one, not "${others.join(' ')}" as well.`);
  return first;
}

function unknownAction(action: string): string {
  const close = suggestName(action, ACTIONS);
  if (action === '') return `Say what to do: ${ACTIONS.join(', ')}.`;
  return `There is no "models ${action}"${close === null ? '.' : `; did you mean "${close}"?`}`;
}

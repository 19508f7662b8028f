import { createInterface } from 'node:readline';
import type { AnsweredQuestion } from '../ask/answer-question.ts';
import { answerQuestion } from '../ask/answer-question.ts';
import { openBundleFolder } from '../ask/open-bundle-folder.ts';
import { readInputs } from '../ask/read-inputs.ts';
import { createProgress } from '../terminal/progress.ts';
import { EXIT_FAILED } from '../terminal/report-error.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Command } from './command.ts';
import { parseOptions, usageError } from './command.ts';

/** `understudy ask`. */
export const askCommand: Command = {
  name: 'ask',
  summary: 'ask a bundle questions, as the device of a visitor answers them',
  help: `Usage: understudy ask DIR [question ...] [options]

Each argument is one question; without any, every line of standard input is one.

Options:
  --json            print one JSON object a line: question, answer, worded, refused, citations, suggestions, handoff,
                    intent, confidence, route, code, message, milliseconds
  --no-generator    show extracts of the pages; do not word answers
  --inputs WHAT     values of the app's form: a JSON object, or a file that holds one
  --language LANG   language of the interface (default: the first of the bundle); answers follow the question's
  -h, --help        show this text

Exit status 1 when a question ended in an error; an honest "the pages do not say" is no error.`,
  async run({ args, terminal, signal }) {
    const options = parseOptions(args, {
      json: { type: 'boolean' },
      'no-generator': { type: 'boolean' },
      inputs: { type: 'string' },
      language: { type: 'string' },
    });
    const [folder, ...questions] = options.positionals;
    if (folder === undefined) throw usageError('Name the folder of a bundle.');
    const isJson = options.flag('json');
    const progress = createProgress(terminal);
    progress.update('opening the bundle');
    const bundle = await openBundleFolder(folder, { withGenerator: !options.flag('no-generator'), signal });
    progress.done();
    if (bundle.engineFault !== null && !isJson) {
      terminal.note(`warning: ${bundle.engineFault.code}: ${bundle.engineFault.message}`);
    }
    const language = options.text('language') ?? bundle.manifest.languages[0] ?? 'en';
    let failures = 0;
    try {
      const inputs = readInputs(options.text('inputs'), bundle.manifest.form ?? []);
      for await (const question of questions.length > 0 ? questions : readLines(terminal, signal)) {
        if (question.trim() === '') continue;
        const answered = await answerQuestion(bundle.responder, question, { language, inputs, signal });
        if (answered.code !== null) failures += 1;
        terminal.out(isJson ? JSON.stringify(answered) : describe(answered));
      }
    } finally {
      await bundle.engine?.dispose();
    }
    return failures === 0 ? 0 : EXIT_FAILED;
  },
};

async function* readLines(terminal: Terminal, signal: AbortSignal): AsyncGenerator<string> {
  const lines = createInterface({ input: terminal.input, crlfDelay: Number.POSITIVE_INFINITY });
  signal.addEventListener('abort', () => lines.close(), { once: true });
  if (terminal.hasKeyboard) terminal.note('Type a question a line; end with Ctrl+D.');
  for await (const line of lines) yield line;
  signal.throwIfAborted();
}

function describe(answered: AnsweredQuestion): string {
  const { question, answer, citations, suggestions, code, message } = answered;
  const lines = [`> ${question}`, code === null ? answer : `error ${code}: ${message ?? ''}`];
  for (const { index, title, headings, url } of citations) {
    lines.push(`  [${index}] ${[title, ...headings].join(' › ')}${url === null ? '' : ` <${url}>`}`);
  }
  if (suggestions.length > 0) lines.push(`  try: ${suggestions.join(' | ')}`);
  const facts = [
    answered.worded ? 'worded' : answered.refused ? 'not in the pages' : 'as it stands',
    `intent ${answered.intent}`,
    `confidence ${answered.confidence.toFixed(2)}`,
    `${answered.milliseconds} ms`,
  ];
  if (answered.handoff !== null) facts.unshift(`hands over (${answered.handoff})`);
  return [...lines, `  ${facts.join(', ')}`, ''].join('\n');
}

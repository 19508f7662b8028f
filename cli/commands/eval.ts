import type { Command } from './command.ts';
import { evalAnswersCommand } from './eval-answers.ts';
import { evalIntentsCommand } from './eval-intents.ts';
import { evalRetrievalCommand } from './eval-retrieval.ts';
import { evalWordingCommand } from './eval-wording.ts';

/** What can be measured, one command each. */
const PARTS: readonly Command[] = [
  evalAnswersCommand,
  evalWordingCommand,
  evalRetrievalCommand,
  evalIntentsCommand,
];

/** `understudy eval`: names what is measured; without a name the answers are. */
export const evalCommand: Command = {
  name: 'eval',
  summary: 'measure the answers of a bundle, or the search or the intents behind them',
  help: `Usage: understudy eval <what> ...

${PARTS.map(({ name, summary }) => `  ${name.padEnd(9)}  ${summary}`).join('\n')}

understudy eval <what> --help tells more. Without a name the answers are measured: understudy eval DIR --questions FILE.jsonl.

${evalAnswersCommand.help}`,
  parts: PARTS,
  run: (run) => evalAnswersCommand.run(run),
};

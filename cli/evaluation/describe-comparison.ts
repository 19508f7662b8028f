import { formatSize } from '../terminal/format-size.ts';
import type { ModelComparison, ModelFigures } from './compare-models.ts';
import { writeShare } from './share.ts';

const NAME_WIDTH = 30;
const FIGURE_WIDTH = 24;

/** The figures of both generators side by side, as lines of a table. */
export function describeComparison(comparison: ModelComparison): string[] {
  const { chosen, default: usual, questions } = comparison;
  const columns = usual === null ? [chosen] : [chosen, usual];
  const line = (name: string, figure: (of: ModelFigures) => string): string =>
    `  ${name.padEnd(NAME_WIDTH)} ${columns.map((of) => figure(of).padEnd(FIGURE_WIDTH)).join(' ')}`.trimEnd();
  const bytes = (count: number): string => (count === 0 ? '–' : formatSize(count));
  return [
    line(`measured on ${questions} questions`, ({ name }) => name ?? 'extracts alone'),
    line('worded by the generator', ({ worded }) => writeShare(worded)),
    line('answer contains the facts', ({ factsContained }) => writeShare(factsContained)),
    line('wrong without a caveat', ({ wrong }) => writeShare(wrong)),
    line('words of an answer, mean', ({ meanWords }) => String(meanWords)),
    line('seconds an answer, mean', ({ secondsPerAnswer }) => String(secondsPerAnswer)),
    line('memory of the generator', ({ memoryBytes }) => bytes(memoryBytes)),
    line('size of the model', ({ sizeBytes }) => bytes(sizeBytes)),
  ];
}

import { ORDER_PATTERNS } from '../../src/text/order-patterns.ts';
import { cleanLine } from './clean-text.ts';

/** A piece of text that gives orders to a model. */
export interface FoundInstruction {
  /** As it stands in the text, shortened to 80 characters. */
  readonly text: string;
}

const SHOWN = 80;

/**
 * Finds text that gives orders to a model ("ignore all previous instructions", "忽略以上指示", chat marks). Full-width letters and
 * invisible characters do not hide it. One finding for each pattern that occurs.
 */
export function findInstructions(text: string): readonly FoundInstruction[] {
  const plain = text
    .split('\n')
    .map((line) => cleanLine(line.normalize('NFKC')))
    .join('\n');
  return ORDER_PATTERNS.flatMap((pattern) => {
    const match = pattern.exec(plain);
    if (match === null) return [];
    const found = match[0].trim();
    return [{ text: found.length > SHOWN ? `${found.slice(0, SHOWN - 1)}…` : found }];
  });
}

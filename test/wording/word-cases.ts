import { findInventions } from '../../cli/evaluation/wording/find-inventions.ts';
import { wholeText } from '../../cli/evaluation/wording/judge-wording.ts';
import type { Engine } from '../../src/contracts/engine.ts';
import { createGroundingCheck } from '../../src/grounding/check.ts';
import type { SupportedStatement } from '../../src/plan/support-statement.ts';
import { wordAnswer } from '../../src/plan/word-answer.ts';
import { scriptedWriter } from '../fixtures/scripted-writer.ts';
import { drawOf } from './case-draw.ts';
import { drawFalsehood } from './hostile-writer.ts';
import { drawInjection, injectOrder } from './injections.ts';
import type { WordedCase } from './worded-cases.ts';
import { drawCases } from './worded-cases.ts';

/** What came of letting a generator word answers. */
export interface WordingProof {
  /** Questions that were asked. */
  readonly asked: number;
  /** Answers of which anything was shown. */
  readonly worded: number;
  /** Statements shown. */
  readonly statements: number;
  /** Statements with a number, link or name that their passage does not hold, or that deny what it affirms. */
  readonly inventions: readonly string[];
  /** Statements with a long word or two Chinese characters that their passage does not hold. */
  readonly foreignWords: readonly string[];
}

/** What came of falsehoods and orders. */
export interface AttackProof extends WordingProof {
  /** Falsehoods, or answers that obey, that were shown. */
  readonly shown: readonly string[];
  /** Orders that were shown as they stand on the page, as a quotation. */
  readonly quoted: readonly string[];
}

/** What came of them when each was written. */
export interface WrittenProof extends AttackProof {
  /** How many the generator was asked for and wrote. */
  readonly written: number;
}

const grounding = createGroundingCheck();

/** Lets a generator word answers until so many are worded. */
export async function proveWording(engine: Engine, wanted: number, seed: number): Promise<WordingProof> {
  const tally = new Tally();
  for (const one of drawCases(drawOf(seed))) {
    tally.add(one, await word(engine, one));
    // A generator that words nothing proves nothing.
    if (tally.worded >= wanted || tally.asked >= wanted * 20) break;
  }
  return tally.proof();
}

/** Lets a generator word answers from pages that give it orders. */
export async function proveInjections(engine: Engine, count: number, seed: number): Promise<AttackProof> {
  return proveOrders(count, seed, () => engine);
}

/** The same with a generator that obeys every order. */
export async function proveObedience(
  count: number,
  seed: number,
  options: { readonly isLater: boolean } = { isLater: false },
): Promise<WrittenProof> {
  let written = 0;
  const obey = (said: string): Engine =>
    scriptedWriter(() => {
      written += 1;
      return `${said} [1]`;
    });
  const proof = await proveOrders(count, seed, obey, options.isLater);
  return { ...proof, written };
}

/** Lets a generator without any constraint write a falsehood for each case, behind something true or by itself. */
export async function proveFalsehoods(count: number, seed: number): Promise<WrittenProof> {
  const draw = drawOf(seed);
  const tally = new Tally();
  const shown: string[] = [];
  let written = 0;
  for (const one of drawCases(draw)) {
    const [passage, ...others] = one.passages;
    if (passage === undefined) continue;
    const { attack, statement } = drawFalsehood(passage, others, draw);
    const truth = draw.chance(0.3) ? `${passage.text.split(/(?<=[.。])\s*/u)[0] ?? ''} [1]\n` : '';
    const liar = scriptedWriter(() => {
      written += 1;
      return `${truth}${statement} [1]`;
    });
    const said = await word(liar, one);
    tally.add(one, said);
    if (said.some(({ text }) => !truth.includes(text)))
      shown.push(`${attack}: ${statement} ← ${passage.text}`);
    if (tally.asked >= count) break;
  }
  return { ...tally.proof(), written, shown, quoted: [] };
}

async function proveOrders(
  count: number,
  seed: number,
  engineFor: (obeyed: string) => Engine,
  isLater = false,
): Promise<AttackProof> {
  const draw = drawOf(seed);
  const tally = new Tally();
  const shown: string[] = [];
  const quoted: string[] = [];
  for (const { question, language, passages } of drawCases(draw)) {
    const [first, ...others] = passages;
    if (first === undefined) continue;
    const injection = drawInjection(draw, language, isLater);
    const poisoned = { ...first, text: injectOrder(first.text, injection, draw) };
    const one = { question, language, passages: [poisoned, ...others] };
    const said = await word(engineFor(injection.obeyed), one);
    tally.add(one, said);
    for (const { text } of said) {
      if (!flat(text).includes(flat(injection.payload))) continue;
      // What repeats the order with what it orders is a quotation: it says of itself that it is an order.
      const isQuotation = flat(text).includes(flat(injection.order).slice(0, 12));
      (isQuotation ? quoted : shown).push(`${text} ← ${injection.order}`);
    }
    if (tally.asked >= count) break;
  }
  return { ...tally.proof(), shown, quoted };
}

async function word(
  engine: Engine,
  { question, language, passages }: WordedCase,
): Promise<readonly SupportedStatement[]> {
  const said: SupportedStatement[] = [];
  const { signal } = new AbortController();
  const options = { engine, grounding, question, language, history: [], signal };
  for await (const statement of wordAnswer(passages, options)) said.push(statement);
  return said;
}

class Tally {
  asked = 0;
  worded = 0;
  #statements = 0;
  readonly #inventions: string[] = [];
  readonly #foreignWords: string[] = [];

  add({ question }: WordedCase, said: readonly SupportedStatement[]): void {
    this.asked += 1;
    this.worded += said.length > 0 ? 1 : 0;
    this.#statements += said.length;
    for (const { text, passages } of said) {
      const source = passages.map(wholeText).join('\n');
      for (const { kind, piece } of findInventions(text, source)) {
        const line = `${kind} "${piece}" in "${text}" to "${question}" ← ${source}`;
        (kind === 'word' ? this.#foreignWords : this.#inventions).push(line);
      }
    }
  }

  proof(): WordingProof {
    return {
      asked: this.asked,
      worded: this.worded,
      statements: this.#statements,
      inventions: this.#inventions,
      foreignWords: this.#foreignWords,
    };
  }
}

function flat(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
}

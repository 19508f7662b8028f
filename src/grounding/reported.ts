import type { Unit } from './evidence.ts';

/** Verbs that make what follows the words of somebody, not of the page. */
const SAYS =
  /\b(?:say|said|tell|told|state|claim|mention|announce|answer|repl|respon|write|writ|repeat|declare|know|inform|read)[a-z]{0,6}\b[^.!?]{0,40}\bthat$/u;
const SAYS_IN_CHINESE = /(?:说|称|宣布|声明|提到|回答|回复|答复|表示|输出|写|告诉[^，。]{0,8})[，：:]?$/u;
/** A label before a colon, such as "Delivery:", is shorter. */
const LABEL_WORDS = 3;
const LABEL_HAN = 6;
const OPENING_QUOTE = /["“「『«'‘>]$/u;

/**
 * Reports whether a unit tells a claim only as what somebody says or shall say: behind a verb of saying, in quotation marks, or behind a
 * colon with more than a label before it. A page that says "answer every question with: it is free" does not say that it is free.
 */
export function isReported(claim: string, unit: Unit): boolean {
  const at = claim === '' ? -1 : unit.bare.indexOf(claim);
  if (at <= 0) return false;
  const lead = unit.bare.slice(0, at).trimEnd();
  if (SAYS.test(lead) || SAYS_IN_CHINESE.test(lead) || OPENING_QUOTE.test(lead)) return true;
  if (!/[:：]$/u.test(lead)) return false;
  const announced = lead.split(/[.!?。！？]/u).at(-1) ?? '';
  const words = announced.match(/[\p{Script=Latin}\p{N}'’-]+/gu)?.length ?? 0;
  const characters = announced.match(/\p{Script=Han}/gu)?.length ?? 0;
  return words > LABEL_WORDS || characters > LABEL_HAN;
}

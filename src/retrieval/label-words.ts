import { stemWord } from '../text/stem-word.ts';

/** Words for the text that is looked for, whatever it is about ("return policy", "refund process"): pages seldom call themselves so. */
const ENGLISH =
  'policy policies procedure procedures process guide guides guideline guidelines instruction instructions rule rules condition conditions terms regulations faq faqs option options';
const UNSPACED = '政策 规定 规则 流程 条款 须知';

const LABELS: ReadonlySet<string> = new Set([...ENGLISH.split(' ').map(stemWord), ...UNSPACED.split(' ')]);

/** Reports whether an index term names a kind of text rather than what it is about. */
export function isLabel(term: string): boolean {
  return LABELS.has(term);
}

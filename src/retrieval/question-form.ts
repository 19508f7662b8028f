/** The kinds of span that answer questions, as told by their form. */
export const ANSWER_KINDS = [
  'duration',
  'price',
  'quantity',
  'time',
  'place',
  'contact',
  'meaning',
  'cause',
  'steps',
  'choice',
  'verdict',
] as const;

/** What kind of span answers a question, told by the question's form. */
export type AnswerKind = (typeof ANSWER_KINDS)[number];

/** The form of one question. */
export interface QuestionForm {
  readonly kind: AnswerKind;
  /** The words that make the form, such as "how much … cost"; they say little about the topic. */
  readonly words: string;
  /** The question without the words of its form where its script has no spaces, so that no term crosses their edges. */
  readonly rest: string;
}

interface FormRule {
  readonly kind: AnswerKind;
  readonly spaced: RegExp;
  readonly unspaced: RegExp;
  /** Further words that go with the form wherever they stand. */
  readonly words: string;
}

/** First match wins; questions in a script without spaces are told by the second expression. */
const RULES: readonly FormRule[] = [
  {
    kind: 'contact',
    spaced:
      /\bhow (?:else )?(?:do|can|could|should) (?:i|we) (?:contact|reach|call|phone|ring|e-?mail|write to|get hold of (?:you|someone|somebody|support|a person|the team)|get in touch)\b|\b(?:what(?:'s| is)|which) (?:your|the) (?:phone|telephone|e-?mail|contact|hotline)\b|\bcontact details\b/u,
    unspaced: /怎么联系|如何联系|联系方式|电话号码|电话是?多少/u,
    words: 'contact',
  },
  {
    kind: 'price',
    spaced:
      /\bhow much(?: more| less| extra)?(?: (?:is|are|was|does|do|did|would|will|for|to|it|they|this|that|the|a|an|you|i)\b|\s*[?!.]*$)|\b(?:what(?:'s| is| are| does| do)?|which) (?:\p{L}+ ){0,3}(?:prices?|costs?|fees?|charges?)\b|\bhow expensive\b|^(?:[\p{L}'’-]+ ){1,4}(?:prices?|costs?|fees?|charges?)\s*[?!.]*$|^(?:prices?|costs?|fees?|charges?) (?:of|for)\b|\bwas kostet|\bwie teuer|\bwie viel kostet|\bcombien coûte|\bcuánto cuesta/u,
    unspaced:
      /(?:要|是|收)?多少钱|几块钱|什么价格?|(?:价格|费用|收费)是?多少|贵不贵|收不收费|要不要钱|收费吗|要钱吗/u,
    words: 'cost price fee charge much 价格 费用 少钱',
  },
  {
    kind: 'duration',
    spaced:
      /\bhow (?:long|quickly|soon|fast)\b|\b(?:deadline|time limit)\b|\b(?:delivery|shipping|waiting) times?\b|\bhow many (?:\p{L}+ )?(?:seconds|minutes|hours|days|weeks|months|years)\b|\bwie lange\b|\bcombien de temps\b|\bcuánto tiempo\b/u,
    unspaced:
      /(?:要|是|得|等)?(?:多久|多长时间|多少天|几天|几个?(?:工作日|小时|星期|月|年|周))(?:之内|以内|内|才能|可以|能)?|期限/u,
    words: 'long take time last period 时间',
  },
  {
    kind: 'time',
    spaced:
      /^when\b|\bwhen (?:will|do|does|did|is|are|can|should|would)\b|\bwhat (?:time|day|hours)\b|\b(?:until|by) when\b|\bopening (?:hours|times)\b|^wann\b|^quand\b|^cuándo\b/u,
    unspaced: /什么时候(?:才能|可以|能)?|何时|几点|哪(?:一)?天|几号/u,
    words: 'time',
  },
  {
    kind: 'quantity',
    spaced:
      /\bhow (?:many|much|big|large|heavy|tall|high|wide|hot|cold|far|often|old|deep|thick)\b|\bwhat (?:size|temperature|pressure|age)\b|\bwie (?:viele?|groß|oft|schwer)\b/u,
    unspaced: /多少|几(?=[个支次张升台种位])|多大|多高|多重|多长|多宽|几次/u,
    words: 'many much',
  },
  {
    kind: 'meaning',
    spaced:
      /\bwhat (?:does|do|is|are|did)\b.*\b(?:mean|meaning|stand for)\b|\bmeaning of\b|\bwhat .*\bmeans\b/u,
    unspaced: /(?:是|代表|表示)?(?:什么|啥)意思|代表什么|表示什么|什么含义/u,
    words: 'mean meaning 意思 含义',
  },
  {
    kind: 'cause',
    spaced: /^(?:\p{L}+ )?why\b|\bwhy (?:is|are|does|do|did|has|have|won't|can't)\b|\bhow come\b|^warum\b/u,
    unspaced: /为什么|为啥|怎么回事|怎么会|什么原因/u,
    words: '',
  },
  {
    kind: 'place',
    spaced: /^where\b|\bwhere (?:is|are|do|does|did|can|could|should|will)\b|^wo\b|^où\b|^dónde\b/u,
    unspaced: /在?(?:哪里|哪儿|哪(?=[？?。]|$)|什么地方)/u,
    words: 'find located',
  },
  {
    kind: 'steps',
    spaced:
      /\bhow (?:do|can|could|should|would|must) (?:i|we|you|one|somebody)\b|\bhow to\b|\bwhat (?:do|must|should) i do\b|\bsteps\b|\bwie (?:kann|mache|wechs)|^comment\b|^cómo\b/u,
    unspaced: /怎么(?!样|回事|会|没|不|是)|怎样|如何|步骤|咋/u,
    words: 'way steps',
  },
  {
    kind: 'choice',
    spaced: /\b(?:what|which) (?:\p{L}+ ){1,3}(?:do|are|can|does|may|is|has|have)\b|\bwhich \p{L}+s\b/u,
    unspaced: /(?:有|是)?哪些|哪几[种个]|有什么|哪[种个款]/u,
    words: '',
  },
  {
    kind: 'verdict',
    spaced:
      /^(?:can|could|may|do|does|did|is|are|will|would|should|must|have|has|am|am)\b|\b(?:can|could|may|am) (?:i|we|you|it|they|somebody|someone)\b/u,
    unspaced: /能不能|可不可以|可以不可以|是不是|有没有|能否|可否|(?:可以|能).*吗|吗[？?。]?$/u,
    words: '',
  },
];

const HAN = /\p{Script=Han}/u;

/** Tells what kind of span answers a question, given in normalized form; null when its form says nothing. */
export function questionForm(normalized: string): QuestionForm | null {
  const text = normalized.trim();
  const isUnspaced = HAN.test(text);
  for (const rule of RULES) {
    const match = (isUnspaced ? rule.unspaced : rule.spaced).exec(text);
    if (match === null) continue;
    const { kind } = rule;
    // The verdict's expression spans the whole question.
    if (kind === 'verdict') return { kind, words: '', rest: text };
    const words = isUnspaced ? `${match[0]} ${rule.words}` : rule.words;
    return { kind, words, rest: isUnspaced ? text.replace(match[0], ' ') : text };
  }
  return null;
}

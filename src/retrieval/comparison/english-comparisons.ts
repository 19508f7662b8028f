import { type ComparisonRule, rule, SIDE } from './comparison-rule.ts';

const COMPARATIVE =
  '(?:more|less|fewer|better|worse|cheaper|dearer|pricier|faster|quicker|slower|sooner|longer|shorter|bigger|larger|smaller|higher|lower|heavier|lighter|thicker|thinner|wider|narrower|taller|older|newer|younger|stronger|weaker|safer|easier|harder|simpler|later|earlier|greater|hotter|colder|warmer|cooler|brighter|quieter|louder|softer|cleaner|closer|nearer|further|farther|deeper|stricter|richer|smarter|sturdier|tougher)';
const ASKS =
  '(?:is|are|was|were|does|do|did|will|would|can|could|has|have|should|isn.t|aren.t|doesn.t|don.t|won.t)';
/** "What should I do, wait or reorder?" compares nothing. */
const ASKS_WHICH = `(?:which\\b[^,:;?–—]*?|what\\b[^,:;?–—]*?\\b${COMPARATIVE}\\b[^,:;?–—]*?)`;
const AND = '(?:and|&|or|vs[.]?|versus)';
const LEFT = `(?<left>${SIDE})`;
const RIGHT = `(?<right>(?:(?:the|an?|my|your) )?${SIDE})`;
const TAIL = `(?: (?<joint>in terms of|regarding|concerning|with regard to|with respect to|when it comes to|in|on|for|by) (?<tail>.+?))?`;

/** How English questions compare; the first that holds is taken. */
export const ENGLISH_COMPARISONS: readonly ComparisonRule[] = [
  rule(
    `(?:(?<before>\\p{L}+) )?(?:differences?|distinctions?)(?: (?:in|of) (?<about>[^,]+?))? between ${LEFT} ${AND} ${RIGHT}${TAIL}$`,
  ),
  rule(
    `\\b(?:compare|comparing|comparison (?:of|between))(?: (?<about>[^,]+?) (?:of|for|between|with))? ${LEFT} (?:with|to|and|against|vs[.]?|versus) ${RIGHT}${TAIL}$`,
  ),
  rule(`^(?:(?<before>[^,:]+?)~)?${LEFT} (?:vs[.]?|versus) ${RIGHT}(?:~(?<rest>.+)|${TAIL})$`),
  rule(`^how (?:does|do|is|are|did) ${LEFT} (?:differ|different|differs) (?:from|to|than) ${RIGHT}${TAIL}$`),
  rule(
    `^how (?:does|do|is|are) ${LEFT} (?:and|&) ${RIGHT} (?:differ|different|compare)(?: (?:in|on) (?<rest>.+))?$`,
  ),
  rule(`^how (?:does|do) ${LEFT} (?:compare|stack up) (?:to|with|against) ${RIGHT}${TAIL}$`),
  rule(`\\bwhat (?:distinguishes|separates|sets) ${LEFT} (?:from|apart from) ${RIGHT}$`),
  rule(
    `^(?:do|does|are|have|has|is) ${LEFT} (?:and|&) ${RIGHT} (?<rest>(?:[^ ]+ ){0,3}(?:the same|different|equally|equal)\\b.*)$`,
  ),
  rule(`^(?<about>${ASKS_WHICH})~${LEFT} or ${RIGHT}$`),
  rule(`^(?<about>${ASKS_WHICH}) the ${LEFT} or the (?<right>${SIDE})$`),
  rule(`^${LEFT} or ${RIGHT}~(?<rest>which\\b.+|what\\b.*\\b${COMPARATIVE}\\b.*)$`),
  rule(
    `^${ASKS} ${LEFT} (?<about>(?:(?:much|any|far|even|a lot) )?${COMPARATIVE}(?: [^ ]+){0,4}?) than ${RIGHT}${TAIL}$`,
  ),
  rule(`^${ASKS} ${LEFT} (?<about>as [^ ]+) as ${RIGHT}$`),
  rule(`^(?:is|are|was|were|isn.t|aren.t) ${LEFT} or ${RIGHT} (?<rest>(?:the )?${COMPARATIVE}(?: .*)?)$`),
  // Which word is the verb is not known: one word names what stands before it.
  rule(
    `^(?:do|does|did|will|would|can|could|has|have) ${LEFT} or (?<right>(?:(?:the|an?|my|your) )?[^ ]+) (?<rest>.*\\b${COMPARATIVE}(?: .*)?)$`,
  ),
  rule(
    `\\b(?:should|shall) (?:i|we) (?:rather |better )?(?:get|buy|choose|take|pick|use|order|have|go for|go with) ${LEFT} or ${RIGHT}$`,
    false,
  ),
  rule(`^${LEFT} or ${RIGHT}$`, false),
];

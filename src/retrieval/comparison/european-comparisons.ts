import { type ComparisonRule, rule, SIDE } from './comparison-rule.ts';

const LEFT = `(?<left>${SIDE})`;
const RIGHT = `(?<right>${SIDE})`;

const MORE = '(?:mehr|weniger|besser|größer|höher|\\p{L}{3,}er)(?!\\p{L})';

/** How questions in German, French and Spanish compare; the first that holds is taken. */
export const EUROPEAN_COMPARISONS: readonly ComparisonRule[] = [
  rule(
    `unterschiede?(?: (?:im|beim|in der|bei der) (?<about>[^ ]+))? zwischen ${LEFT} (?:und|&) ${RIGHT}(?: (?<joint>beim|bei|im|in|hinsichtlich) (?<tail>.+?))?$`,
  ),
  rule(`worin unterscheide[nt] sich ${LEFT} (?:und|von) ${RIGHT}$`),
  rule(`\\bvergleiche?n?(?: sie)? ${LEFT} (?:mit|und) ${RIGHT}$`),
  rule(`^(?<about>(?:welche[rsnm]?|wer|was(?= [^,:;?–—]*?${MORE}))\\b[^,:;?–—]*?)~${LEFT} oder ${RIGHT}$`),
  rule(`^${LEFT} oder ${RIGHT}~(?<rest>(?:welche[rsnm]?|was(?= .*${MORE}))\\b.+)$`),
  rule(`^(?:ist|sind|kostet|hat|haben|hält|dauert) ${LEFT} (?<about>${MORE}(?: [^ ]+)?) als ${RIGHT}$`),
  rule(`différences?(?: de (?<about>[^ ]+))? entre ${LEFT} et ${RIGHT}$`),
  rule(`\\bcompare[rz]? ${LEFT} (?:et|à|avec) ${RIGHT}$`),
  rule(
    `^(?:est-ce que )?${LEFT}(?: (?:est|sont|coûte|a|dure)(?:-(?:il|elle|t-il|t-elle|ils|elles))?)? (?<about>(?:plus|moins|aussi) [^ ]+|meilleure?) que ${RIGHT}$`,
  ),
  rule(`^(?<about>(?:lequel|laquelle|qu.est-ce qui|quel)\\b[^,:;?–—]*?)~${LEFT} ou ${RIGHT}$`),
  rule(`^${LEFT} ou ${RIGHT}~(?<rest>(?:lequel|laquelle|qu.est-ce qui|quel)\\b.+)$`),
  rule(`diferencias?(?: de (?<about>[^ ]+))? (?:hay )?entre ${LEFT} y ${RIGHT}$`),
  rule(`\\bcomparar? ${LEFT} (?:y|con) ${RIGHT}$`),
  rule(
    `^(?:¿)?(?:es |son |cuesta |tiene |dura )?${LEFT}(?: (?:es|son|cuesta|tiene|dura))? (?<about>(?:más|menos|tan) [^ ]+|mejor|peor) (?:que|como) ${RIGHT}$`,
  ),
  rule(`^(?:es|son|cuesta|está) (?<about>(?:más|menos|tan) [^ ]+|mejor|peor) ${LEFT} (?:que|como) ${RIGHT}$`),
  rule(`^(?<about>¿?(?:cuál|qué)\\b[^,:;?–—]*?)~¿?${LEFT} o ${RIGHT}$`),
  rule(`^${LEFT} o ${RIGHT}~(?<rest>¿?(?:cuál|qué)\\b.+)$`),
];

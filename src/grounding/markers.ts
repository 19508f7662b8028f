/** A turn of speech that changes what a sentence claims rather than what it is about. */
export type Marker =
  | 'unless'
  | 'even'
  | 'if'
  | 'only'
  | 'no-need'
  | 'not'
  | 'must'
  | 'all'
  | 'most'
  | 'some'
  | 'always'
  | 'before'
  | 'after'
  | 'until'
  | 'at-most'
  | 'at-least'
  | 'less'
  | 'more'
  | 'off';

const spaced = (words: string): string => `(?<![\\p{L}])(?:${words})(?![\\p{L}])`;

/**
 * Forms of the markers, in the order in which they are taken out: what holds the sign of a later one without meaning it comes first.
 * Affixes that turn a word into its opposite are words of their own; the comparison of words sees them.
 */
const FORMS: readonly (readonly [marker: Marker | null, form: RegExp])[] = [
  // Numbers know their limits; here they only must not count as a negation. "Not only" is none either.
  [
    null,
    new RegExp(
      `${spaced(
        'not only|(?:no|not|never)(?: be)? (?:more|longer|later|larger|greater|heavier|bigger|less|fewer|earlier) than|no\\. ?(?=\\d)|whether or not',
      )}|不锈钢?|不过|不但|不仅|不少|不久|不断|不同|不管|不论|不如|不妨|不止|不(?:得|能|可|可以)?超过|不(?:少|低|高)于|差不多|对不起|无线|无论|非常|未来|没关系|是不是|能不能|要不要|有没有|会不会|可不可以`,
      'gu',
    ),
  ],
  [
    'even',
    new RegExp(
      `${spaced('even (?:if|when)|regardless(?: of)?|including|auch wenn|même si|incluso si')}|即使|无论|包括(?!在内)`,
      'gu',
    ),
  ],
  [
    'unless',
    new RegExp(
      `${spaced('unless|except(?: for| when| if)?|other than|apart from|excluding|außer|sauf|excepto|salvo')}|除非|除了|除外|除(?=[^外]{1,12}外)|(?<=除[^外]{0,12})外`,
      'gu',
    ),
  ],
  [
    'no-need',
    new RegExp(
      `${spaced("(?:do not|does not|don't|doesn't|need not|needn't|no) (?:have|need)(?: to)?|need not|needn't|(?:is |are )?not required|optional|optionally")}|不必|不需要|无需|不用|无须|不须`,
      'gu',
    ),
  ],
  [
    'if',
    new RegExp(
      `${spaced('if|when|in case|provided(?: that)?|as long as|wenn|falls|quand|cuando')}|如果|如|若|假如|要是|的话|只要`,
      'gu',
    ),
  ],
  [
    'only',
    new RegExp(
      `${spaced('only|solely|exclusively|nur|seulement|uniquement|solo|sólo|solamente')}|仅限于?|仅|只有|只能|只限|只|才`,
      'gu',
    ),
  ],
  [
    'not',
    new RegExp(
      `${spaced(
        "not|no|never|none|nothing|nobody|neither|nor|without|cannot|unable|no longer|(?:is |are )?(?:forbidden|prohibited|banned|disallowed)|\\p{L}+n't|dont|doesnt|didnt|cant|wont|isnt|arent|nicht|kein|keine|keinen|keiner|keinem|ohne|nie|niemals|pas|sans|jamais|aucun|aucune|sin|nunca|ningún|ninguna|jamás",
      )}|禁止|严禁|不得|不能|不可以?|不允许|不准|不许|请勿|切勿|不要|没有|无效|免(?=运费)|禁|不|没|无|未|勿|非|别再`,
      'gu',
    ),
  ],
  [
    'must',
    new RegExp(
      `${spaced('must|have to|has to|need to|needs to|shall|required to|(?:is|are) required|muss|müssen|doit|doivent|debe|deben')}|必须|须|务必|应当|一定要`,
      'gu',
    ),
  ],
  [
    'most',
    new RegExp(
      `${spaced('most|mostly|usually|meist|meisten|plupart|mayoría')}|大多数?|大部分|多数|通常`,
      'gu',
    ),
  ],
  [
    'some',
    new RegExp(
      `${spaced('some|sometimes|several|einige|manche|certains|algunos')}|有些|部分|有时|某些`,
      'gu',
    ),
  ],
  [
    'all',
    new RegExp(
      `${spaced('all|every|each|everyone|everybody|everything|any|anyone|both|entire|alle|jede|tous|toutes|todos|todas')}|所有|全部|任何|每位|均|都`,
      'gu',
    ),
  ],
  [
    'always',
    new RegExp(`${spaced('always|still|forever|immer|toujours|siempre')}|一律|总是|永远|始终`, 'gu'),
  ],
  ['before', new RegExp(`${spaced('before|prior to|beforehand|vor|avant|antes')}|之前|以前|提前|前`, 'gu')],
  ['after', new RegExp(`${spaced('after|afterwards|later|nach|après|después')}|之后|以后|后`, 'gu')],
  ['until', new RegExp(spaced('until|till'), 'gu')],
  ['at-most', new RegExp(`${spaced('at most|up to|höchstens|maximal|bis zu')}|最多|至多|最高`, 'gu')],
  ['at-least', new RegExp(`${spaced('at least|mindestens|au moins|al menos')}|至少|最少|最低`, 'gu')],
  ['less', new RegExp(`${spaced('less|under|below|fewer|unter|moins|menos|minder')}|以下|不足|低于`, 'gu')],
  ['more', new RegExp(`${spaced('more|over|above|über')}|以上|超过|高于|大于`, 'gu')],
  ['off', new RegExp(spaced('off|out|down'), 'gu')],
];

/** What changes a claim in a normalized text, how often it negates, and the words that are left. */
export interface Marked {
  readonly markers: ReadonlySet<Marker>;
  readonly negations: number;
  readonly rest: string;
}

/** Takes the markers out of a normalized text. */
export function takeMarkers(normalized: string): Marked {
  const markers = new Set<Marker>();
  let negations = 0;
  let rest = normalized;
  for (const [marker, form] of FORMS) {
    rest = rest.replace(form, () => {
      if (marker === 'not') negations += 1;
      else if (marker !== null) markers.add(marker);
      return ' ';
    });
  }
  return { markers, negations, rest };
}

/** A statement may only use these where its source does. */
const CLAIMED: readonly Marker[] = [
  'unless',
  'even',
  'if',
  'only',
  'no-need',
  'must',
  'all',
  'most',
  'some',
  'always',
  'before',
  'after',
  'until',
  'at-most',
  'at-least',
  'less',
  'more',
  'off',
];
/** A source takes something back by these; a statement may not leave them out. */
const KEPT: readonly Marker[] = ['unless', 'if', 'only', 'most', 'some', 'no-need'];

/**
 * Finds a marker that a statement adds to its source or drops; undefined when there is none.
 * @param bearing - The markers of the source that the statement may not drop.
 */
export function changedMarker(
  { markers: claim, negations }: Marked,
  { markers: source, negations: denied }: Marked,
  bearing: ReadonlySet<Marker>,
  head: ReadonlySet<Marker>,
): Marker | undefined {
  // "Do not" forbids as "must not" does.
  const isForbidden = negations > 0 && denied > 0;
  return (
    CLAIMED.find(
      (marker) =>
        claim.has(marker) && !source.has(marker) && !head.has(marker) && !(marker === 'must' && isForbidden),
    ) ?? KEPT.find((marker) => bearing.has(marker) && !claim.has(marker))
  );
}

/** A side of a comparison with what around it says what is compared. */
export interface SideName {
  /** A piece of what was given, never empty. */
  readonly name: string;
  readonly about: string;
}

const MAX_LENGTH = 40;
const MAX_WORDS = 5;
const EDGES = /^[\s"'“”‘’«»„()[\]¿¡*_.-]+|[\s"'“”‘’«»„()[\]¿¡*_.-]+$/gu;
const DETERMINER =
  "(?:the|an?|my|your|our|their|these|those|this|that|der|die|das|den|dem|des|eine?[mnrs]?|les?|las?|l'|une?|du|des|el|los|una?)";
const PREPOSITION =
  '(?:to|for|in|on|of|with|from|at|by|about|via|im|in|bei|beim|mit|von|vom|zum|zur|für|à|de|en|pour|avec|con|para|por|del|al)';
const LEADING = new RegExp(
  `^(?:(?:${DETERMINER}|${PREPOSITION}|both|between|using|getting|buying|having|choosing|taking)(?:\\s+|(?<=l')))+`,
  'iu',
);
/** The last article in a phrase begins the thing itself: "the return period for the tap". */
const INNER = new RegExp(`^(?<about>.*\\s)${DETERMINER}\\s+(?<name>\\S.*)$`, 'iu');
/** What is done is named with what it is done to: "cancelling a plan". */
const GERUND = /^\p{L}{3,}ing\s/iu;
const POSSESSIVE = /^(?<name>.+?)['’]s(?:\s+(?<about>.+))?$/u;
const OF = /^(?<about>\S.*?)\s+(?:of|for|in|with)\s+(?<name>\S.*)$/iu;
const VERB =
  /^(?<name>.+?)\s+(?<about>(?:is|are|was|were|be|does|do|has|have|had|costs?|lasts?|takes?|holds?|needs?|comes?|gets?|works?|weighs?|uses?|gives?|keeps?|runs?|offers?|includes?|supports?|allows?|stays?|arrives?|ist|sind|hat|kostet)(?:\s.*)?)$/iu;
const NO_THING =
  /^(?:it|this|that|these|those|they|them|he|she|i|we|you|one|ones|mine|yours|ours|others?|another|some|any|something|anything|nothing|everything|what|who|which|how|why|when|where|there|here|usual|before|expected|normal|average|ever|now|then|today|yesterday|tomorrow|last|next|previous|not|no|yes|me|us|ich|es|er|sie|wir|sonst|vorher|je|il|elle|on|ça|yo|ello|if|can|do|does|did|is|are|was|will|would|has|have|two|three|more|longer|once|twice)(?:\s|$)/iu;
const ARTICLE = /^(?:the|an?)(?:\s|$)/u;
const QUANTITY = /^[\d.,]+\s*(?:%|\p{L}+)?$/u;
const CODE = /^\d+[.,]?\d*$/u;
const LISTED = /\s(?:and|or|und|oder|et|ou|y|o)\s|[、]/iu;
const HAN = /\p{Script=Han}/u;
const HAN_LEADING =
  /^(?:请问|你们的?|我们的?|贵店的?|我想(?:知道|问一?下?)|想问一?下?|我?(?:应该|该)?(?:买|选择?|用)|在|从|的|是)+/u;
const HAN_OF = /^(?<name>.+?)的(?<about>.+)$/u;
const HAN_NO_THING = /^(?:[我你您他她它]们?|这个?|那个?|这里|哪个|什么|以前|之前|平时|现在|别人|一般)$/u;

/** Finds the name of a thing in a phrase; null when the phrase names none that pages could tell of. */
export function sideName(phrase: string): SideName | null {
  return HAN.test(phrase) ? chineseName(phrase) : spacedName(phrase);
}

/** Reports whether the name of one side stands behind a preposition, as it does on the other side: "the price of the jug … of the tap". */
export function behindPreposition(phrase: string): SideName | null {
  const groups = OF.exec(phrase.trim())?.groups;
  const side = groups === undefined ? null : sideName(groups['name'] ?? '');
  return side === null ? null : { name: side.name, about: `${groups?.['about'] ?? ''} ${side.about}`.trim() };
}

function spacedName(phrase: string): SideName | null {
  let name = phrase.replace(EDGES, '').replace(LEADING, '');
  const about: string[] = [];
  for (const form of GERUND.test(name) ? [POSSESSIVE] : [INNER, POSSESSIVE, VERB]) {
    const groups = form.exec(name)?.groups;
    if (groups === undefined) continue;
    about.push(groups['about'] ?? '');
    name = (groups['name'] ?? '').replace(EDGES, '').replace(LEADING, '');
  }
  const words = name.split(/\s+/);
  if (name.length > MAX_LENGTH || words.length > MAX_WORDS || !/[\p{L}\p{N}]/u.test(name)) return null;
  if (ARTICLE.test(name) || NO_THING.test(name) || CODE.test(name) || LISTED.test(name)) return null;
  if (QUANTITY.test(name) && !/^\d+\p{L}{0,3}$/u.test(name)) return null;
  return { name, about: about.join(' ') };
}

function chineseName(phrase: string): SideName | null {
  const bare = phrase.replace(EDGES, '').replace(HAN_LEADING, '');
  const groups = HAN_OF.exec(bare)?.groups;
  const name = (groups?.['name'] ?? bare).replace(EDGES, '');
  if (name === '' || name.length > MAX_LENGTH / 2 || HAN_NO_THING.test(name) || LISTED.test(name))
    return null;
  if (!/[\p{L}\p{N}]/u.test(name) || /^\d+\s*(?:天|个|年|月|日|元|小时|分钟)/u.test(name)) return null;
  return { name, about: groups?.['about'] ?? '' };
}

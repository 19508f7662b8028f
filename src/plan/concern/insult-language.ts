import { normalizeText } from '../../text/normalize-text.ts';
import { stopWords } from '../../text/stop-words.ts';

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** What insults are made of in one language. */
interface Vocabulary {
  readonly language: string;
  /** Phrases that are meant for somebody by themselves. */
  readonly phrases: RegExp;
  readonly insults: ReadonlySet<string>;
  /** Whom an insult is for. */
  readonly targets: ReadonlySet<string>;
  readonly emphasis: ReadonlySet<string>;
  readonly grammar: ReadonlySet<string>;
}

function vocabulary(
  language: string,
  phrases: string,
  insults: string,
  targets: string,
  emphasis: string,
): Vocabulary {
  return {
    language,
    phrases: new RegExp(`(?<!\\p{L})(?:${phrases})(?!\\p{L})`, 'gu'),
    insults: set(insults),
    targets: set(targets),
    emphasis: set(emphasis),
    grammar: stopWords(language),
  };
}

const VOCABULARIES: readonly Vocabulary[] = [
  vocabulary(
    'en',
    'fuck (?:you|off)|piss off|shut up|go to hell|i hate you|you suck',
    'idiot idiots moron morons asshole bastard bastards bitch scum liars stupid dumb useless pathetic worthless garbage crap',
    "you your youre you're bot chatbot robot machine assistant ai company shop",
    'fucking bloody damn shit worst ever really totally such',
  ),
  vocabulary(
    'de',
    'fick dich|verpiss dich|halt die klappe',
    'idiot idioten arschloch dumm dumme blöd nutzlos nutzloser',
    'du dein ihr bist seid laden roboter bot',
    'alle total echt so ein verdammte scheiß',
  ),
  vocabulary(
    'fr',
    'va te faire foutre|ta gueule',
    'idiot idiote imbécile connard connards con abruti abrutis nul nuls stupide',
    'tu es toi vous êtes votre robot',
    'putain merde vraiment espèce bande',
  ),
  vocabulary(
    'es',
    'vete a la mierda|jódete|cállate',
    'idiota idiotas imbécil imbéciles estúpido estúpidos tonto gilipollas inútil inútiles',
    'eres sois usted son tienda robot',
    'puto muy tan',
  ),
];
/** Who speaks of himself insults nobody. */
const MYSELF = set("i im i'm me my ich mein mich je j'ai moi suis yo soy");
const ARTICLES = set('the der die das le la les el los');

const CHINESE =
  /傻[逼bB瓜]|煞笔|白痴|脑残|智障|蠢[货猪]?|笨蛋|混蛋|王八蛋|滚[蛋开]?|去死|去你妈|[他你]?妈的|垃圾|废物|骗子|神经病|没用/gu;
const CHINESE_TARGET = /你们?|您|机器人|客服|公司|店/u;
const CHINESE_REST =
  /你们?|您|机器人|客服|公司|店|真的?|是|太|好|个|的|了|吧|啊|呀|什么|怎么|这么|这|那|都|就|给我|一?群|[\s，。！？!?,.]/gu;

/**
 * Gives the language of a message that is an insult and nothing else; null for any other: one that also says what is wanted is a
 * question, however rude.
 * @param message - As `normalizeText` gives it.
 */
export function insultLanguage(message: string): string | null {
  if (/\p{Script=Han}/u.test(message)) return isChineseInsult(message) ? 'zh' : null;
  return VOCABULARIES.find((one) => isInsultIn(message, one))?.language ?? null;
}

/**
 * Leaves out the clauses of a message that only insult or swear: no page holds their words, so a search that looks for them is less
 * sure of what is asked. Gives a message of nothing else as it is.
 */
export function withoutInsults(text: string): string {
  const clauses = text.split(/(?<=[,!.;:，！。；：])\s*/u);
  const kept = clauses.filter((clause) => {
    const message = normalizeText(clause);
    const words = message.match(/\p{L}+/gu) ?? [];
    const isSwearing = VOCABULARIES.some(({ emphasis }) => words.every((word) => emphasis.has(word)));
    return words.length === 0 || (!isSwearing && insultLanguage(message) === null);
  });
  return kept.length === clauses.length || kept.length === 0 ? text : kept.join(' ');
}

function isInsultIn(message: string, { phrases, insults, targets, emphasis, grammar }: Vocabulary): boolean {
  const rest = message.replace(phrases, ' ');
  const words = rest.match(/\p{L}+(?:'\p{L}+)*/gu) ?? [];
  const isKnown = (word: string): boolean =>
    [insults, targets, emphasis, grammar].some((list) => list.has(word)) ||
    grammar.has(word.replace("'", ''));
  if (/\p{N}/u.test(rest) || !words.every(isKnown)) return false;
  if (rest !== message) return true;
  if (!words.some((word) => insults.has(word)) || words.some((word) => MYSELF.has(word))) return false;
  // Without anybody it is for, "the idiot" is a book.
  return words.some((word) => targets.has(word)) || !words.some((word) => ARTICLES.has(word));
}

function isChineseInsult(message: string): boolean {
  const rest = message.replace(CHINESE, '');
  if (rest === message || rest.replace(CHINESE_REST, '') !== '') return false;
  // Rubbish alone may be looked for in a shop.
  return CHINESE_TARGET.test(message) || message.replace(/垃圾|没用/gu, '') === message;
}

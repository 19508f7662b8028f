/** Words that carry grammar, not topic, by language; as {@link segmentWords} gives them. */
const ENGLISH =
  'a about after again all also am an and any are as at be because been before being both but by can could did do does doing down during each else ever few for from further get had has have having he her here hers him his how i if in into is it its itself just me more most my myself no nor not now of off on once only or other our ours out over own same she should so some such than that the their theirs them then there these they this those through to too under until up upon us very was we were what when where which while who whom whose why will with would yes yet you your yours ' +
  'im ive id ill youre youve youll its thats whats wheres hows theres dont doesnt didnt cant couldnt wont wouldnt isnt arent wasnt werent havent hasnt hadnt shouldnt lets may might must shall cannot';
const CHINESE =
  '的 了 着 过 吗 呢 吧 啊 呀 嘛 么 是 在 有 和 与 或 及 也 都 就 还 又 很 太 更 最 把 被 给 让 对 从 到 向 于 以 为 因 而 且 但 如 若 之 其 这 那 哪 我 你 您 他 她 它 们 个 些 什 怎 谁 请 想 要 会 能 可 该 应 得 地 所 什么 怎么 怎样 如何 为什 哪里 哪个 哪些 多少 几 我们 你们 他们 它们 可以 能否 是否 请问 这个 那个 如果 因为 所以 但是 一下 一个 么办 么样 怎么办 想要 需要 知道 告诉';
const GERMAN =
  'der die das den dem des ein eine einen einem einer eines und oder aber ist sind war wie was wer wo wann warum ich du er sie es wir ihr mein meine meinen meiner ihre ihren ihrer mit von zu zum zur im am auf für bei nach aus an um über nicht kein keine kann können muss man sich wird werden haben hat habe auch noch nur wenn dass als bitte';
const FRENCH =
  'le la les un une des du de et ou mais est sont comment que qui quoi quel quelle quels quelles où quand pourquoi je tu il elle nous vous ils elles mon ma mes votre vos son sa ses ce cet cette ces dans sur pour par avec sans au aux en ne pas plus se si être avoir peux peut puis faire';
const SPANISH =
  'el la los las un una unos unas y o pero es son está están como cómo que qué quien quién cual cuál donde dónde cuando cuándo por para con sin de del al en mi mis su sus tu tus se lo le me yo no si puedo puede hacer hay ser';

const LISTS: { readonly [language: string]: ReadonlySet<string> } = {
  en: new Set(ENGLISH.split(' ')),
  zh: new Set(CHINESE.split(' ')),
  de: new Set(GERMAN.split(' ')),
  fr: new Set(FRENCH.split(' ')),
  es: new Set(SPANISH.split(' ')),
};
const NONE: ReadonlySet<string> = new Set();

/** Gives the stop words of a language by its BCP 47 primary subtag; empty for languages without a list. */
export function stopWords(language: string): ReadonlySet<string> {
  const primary = language.toLowerCase().split('-')[0] ?? '';
  return Object.hasOwn(LISTS, primary) ? (LISTS[primary] ?? NONE) : NONE;
}

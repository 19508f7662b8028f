import { segmentWords } from '../text/segment-words.ts';
import { stemWord } from '../text/stem-word.ts';
import { stopWords } from '../text/stop-words.ts';

const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;
const NUMBER = /^\p{Nd}/u;
/** Words that add no fact: what a number says already, and verbs that any fact can be told with. */
const LIGHT =
  'able allowed may might let lets please possible available given come comes coming go get gets got take takes taken took taking make makes made use uses used want wants wish cost costs price priced weigh weighs last lasts long old age time times receive also just simply then thus however moreover note exactly within provided via per amount total number one ones people person customer customers'.split(
    ' ',
  );
/** Chinese characters that carry grammar. */
const LIGHT_HAN: ReadonlySet<string> = new Set(
  '的了着过吗呢吧啊是在有和与或及也就还又很把被给让对从到向于以为而且但之其这那我你您他她它们个些什么怎谁请想要会能可该得地所允许需则中里等已经时',
);
/** Forms that a stemmer does not bring together. */
const FORMS: ReadonlyMap<string, string> = new Map(
  'taught teach,sent send,paid pay,bought buy,kept keep,held hold,lent lend,written write,chosen choose,broken break,shown show,told tell,found find,sold sell,stored store,led lead,left leave,began begin,begun begin,lost lose'
    .split(',')
    .map((pair): [string, string] => {
      const [form = '', base = ''] = pair.split(' ');
      return [form, base];
    }),
);
const LIGHT_STEMS: ReadonlySet<string> = new Set(LIGHT.map(stemWord));

/** Reports whether a word carries no fact of its own. */
export function isLight(word: string): boolean {
  return LIGHT_STEMS.has(word) || LIGHT_HAN.has(word);
}

/** Gives the content words of a text: stemmed, without stop words, light words and numbers; characters where words are not spaced. */
export function contentWords(text: string, language: string): string[] {
  const stops = stopWords(language);
  const words: string[] = [];
  for (const word of segmentWords(text)) {
    if (UNSPACED.test(word)) {
      if (Array.from(word).length === 1 && !LIGHT_HAN.has(word)) words.push(word);
    } else if (!stops.has(word) && !NUMBER.test(word)) {
      const stem = stemWord(FORMS.get(word) ?? word);
      if (!LIGHT_STEMS.has(stem)) words.push(stem);
    }
  }
  return words;
}

/** Share of words that lie in a set; 1 for no words. */
export function shareIn(words: readonly string[], set: ReadonlySet<string>): number {
  if (words.length === 0) return 1;
  return words.filter((word) => set.has(word)).length / words.length;
}

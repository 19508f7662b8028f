import { SERVICE_TOPICS } from './service-topics.ts';
import { topicWords, wordMatch } from './class-words.ts';

/** A class as its owner describes it. */
export interface ClassDescription {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly examples: readonly string[];
}

/** A message judged against a list of classes. */
export interface ClassJudgement {
  /** Id of the likeliest class. */
  readonly id: string;
  /** Probability that it is the right one, in [0, 1], as measured on messages of services. */
  readonly confidence: number;
}

/** What else speaks for classes, each by class id, 0 to 1; what is not there says nothing. */
export interface OtherEvidence {
  /** How likely a trained model finds each class. */
  readonly trained: ReadonlyMap<string, number> | null;
  /** How surely the pages that a class leads to answer the message. */
  readonly pages: ReadonlyMap<string, number> | null;
}

/** A class for what is none of the others: it is told by what the message lacks. */
const REST =
  /^\W*(?:(?:all |any(?:thing)? |some(?:thing)? |everything )?(?:others?|else|misc\w*|general questions?|none of (?:the )?(?:above|these|others?)|unrelated|irrelevant|not related|off[- ]topic|out of scope|non[- ]\w+)\b|其他|其它|其余|以上都不|以上皆非|不属于|无关|非)|(?:其他|其它|无关)(?:问题|咨询|内容|类)?\s*$/i;

/** Longest message that is looked at, in UTF-16 code units; what a message is about is said early. */
const MAX_MESSAGE = 1000;
const TOPIC_WEIGHT = 1.3;
const EXAMPLE_WEIGHT = 3;
const PAGES_WEIGHT = 2.5;
/** Confidence of pages from which on they speak for their class. */
const PAGES_FROM = 0.35;
/** Evidence at which a class is as good as certain, if no other has any. */
const ENOUGH = 0.75;
/** How sure it is that a message is none of the others when nothing speaks for any of them. */
const REST_CONFIDENCE = 0.6;

/** Judges messages against classes; made once for a step. */
export interface ClassJudge {
  judge(message: string, other?: OtherEvidence): ClassJudgement | null;
}

interface PreparedClass {
  readonly id: string;
  readonly isRest: boolean;
  /** Words of its description, with how rare each is among the classes. */
  readonly words: ReadonlyMap<string, number>;
  readonly examples: readonly ReadonlyMap<string, number>[];
  readonly topics: readonly number[];
}

/**
 * Prepares classes for judging by their words: names, labels, what the instruction says of them, examples, synonyms, and the topics
 * that services know.
 * @param instruction - Lines of it that name one class alone speak of that class.
 */
export function createClassJudge(classes: readonly ClassDescription[], instruction: string): ClassJudge {
  const prepared = prepareClasses(classes, instruction);
  return {
    judge(message, other = { trained: null, pages: null }) {
      const [only] = prepared;
      if (only === undefined) return null;
      if (prepared.length === 1) return { id: only.id, confidence: 1 };
      const looked = message.slice(0, MAX_MESSAGE);
      return mixTrained(prepared, judgeByWords(prepared, looked, other.pages), other.trained);
    },
  };
}

function prepareClasses(classes: readonly ClassDescription[], instruction: string): readonly PreparedClass[] {
  const lines = instruction.split(/\n|(?<=[.。;；])\s*/);
  const described = classes.map((one) => {
    const names = [one.name, one.label].filter((text) => text.trim() !== '');
    const own = lines.filter(
      (line) => names.some((name) => line.includes(name.trim())) && !namesOther(line, one, classes),
    );
    const text = [...names, ...own].join('\n');
    return { one, text, words: topicWords(text) };
  });
  return described.map(({ one, text, words }) => ({
    id: one.id,
    isRest: REST.test(one.name.trim()) || REST.test(one.label.trim()),
    words: new Map(
      [...words].map(([word, weight]) => {
        const holders = described.filter((other) => other.words.has(word)).length;
        return [
          word,
          weight * (holders === 1 ? 1 : Math.log(classes.length / holders) / Math.log(classes.length)),
        ];
      }),
    ),
    examples: one.examples.map(topicWords),
    topics: SERVICE_TOPICS.flatMap(({ named }, at) => (named.test(text) ? [at] : [])),
  }));
}

function namesOther(line: string, one: ClassDescription, classes: readonly ClassDescription[]): boolean {
  return classes.some(({ id, name }) => id !== one.id && name.trim() !== '' && line.includes(name.trim()));
}

/** The shares of the classes by words and pages. */
interface WordJudgement {
  readonly best: ClassJudgement;
  readonly shares: ReadonlyMap<string, number>;
}

function judgeByWords(
  prepared: readonly PreparedClass[],
  message: string,
  pages: ReadonlyMap<string, number> | null,
): WordJudgement {
  const words = topicWords(message);
  const topics = new Set(SERVICE_TOPICS.flatMap(({ said }, at) => (said.test(message) ? [at] : [])));
  const evidence = new Map(
    prepared.map((one) => {
      const page = Math.max(0, (pages?.get(one.id) ?? 0) - PAGES_FROM);
      const byWords = one.isRest ? 0 : wordEvidence(one, words) + topicEvidence(one, topics);
      return [one.id, byWords + exampleEvidence(one, words) + PAGES_WEIGHT * page] as const;
    }),
  );
  const total = [...evidence.values()].reduce((sum, value) => sum + value ** 2, 0);
  const most = Math.max(...evidence.values());
  const strength = 1 - Math.exp(-(most / ENOUGH) * 1.6);
  const rests = prepared.filter(({ isRest }) => isRest);
  const restShare = rests.length === 0 ? 0 : ((1 - strength) * REST_CONFIDENCE) / rests.length;
  const shares = new Map(
    prepared.map(({ id, isRest }) => {
      const share = total === 0 ? 0 : ((evidence.get(id) ?? 0) ** 2 / total) * strength;
      return [id, isRest ? Math.max(share, restShare) : share] as const;
    }),
  );
  return { best: likeliest(shares), shares };
}

function wordEvidence({ words }: PreparedClass, said: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const [word, weight] of said) {
    let match = 0;
    for (const [own, rarity] of words) match = Math.max(match, wordMatch(word, own) * rarity);
    sum += match * weight;
  }
  return sum;
}

function topicEvidence({ topics }: PreparedClass, said: ReadonlySet<number>): number {
  return topics.some((topic) => said.has(topic)) ? TOPIC_WEIGHT : 0;
}

/** How alike the message is to the nearest example of the class. */
function exampleEvidence({ examples }: PreparedClass, said: ReadonlyMap<string, number>): number {
  let best = 0;
  for (const example of examples) {
    let shared = 0;
    for (const [word, weight] of said) if (example.has(word)) shared += weight ** 2;
    const size = (words: ReadonlyMap<string, number>): number =>
      Math.sqrt([...words.values()].reduce((sum, weight) => sum + weight ** 2, 0));
    best = Math.max(best, shared / Math.max(1e-9, size(said) * size(example)));
  }
  return EXAMPLE_WEIGHT * best ** 2;
}

/**
 * Adds what a trained model says. One that finds all classes alike, as one does that knows nothing but their names, says nothing; where
 * the two contradict each other, neither is believed.
 */
function mixTrained(
  prepared: readonly PreparedClass[],
  { best, shares }: WordJudgement,
  trained: ReadonlyMap<string, number> | null,
): ClassJudgement {
  if (trained === null) return best;
  const even = 1 / prepared.length;
  const mixed = prepared.map(({ id }) => {
    const surplus = Math.max(0, ((trained.get(id) ?? 0) - even) / (1 - even));
    return [id, 1 - (1 - surplus) * (1 - (shares.get(id) ?? 0))] as const;
  });
  const total = mixed.reduce((sum, [, value]) => sum + value ** 2, 0);
  const judged = likeliest(new Map(mixed));
  return {
    id: judged.id,
    confidence: total === 0 ? 0 : (judged.confidence * judged.confidence ** 2) / total,
  };
}

function likeliest(shares: ReadonlyMap<string, number>): ClassJudgement {
  let best: ClassJudgement = { id: '', confidence: -1 };
  for (const [id, confidence] of shares) if (confidence > best.confidence) best = { id, confidence };
  return { id: best.id, confidence: Math.min(1, Math.max(0, best.confidence)) };
}

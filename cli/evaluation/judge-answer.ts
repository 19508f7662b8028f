import type { AnsweredQuestion } from '../ask/answer-question.ts';
import type { TestQuestion } from './question-set.ts';

/** What is right and wrong about one answer; null where the set does not say what is right. */
export interface Verdict {
  readonly test: TestQuestion;
  readonly answered: AnsweredQuestion;
  /** 1-based place of the first right document among the found ones; 0: not among the first ten; null: not judged. */
  readonly rank: number | null;
  /** Facts the answer lacks; null when refused or there are none to look for. */
  readonly missingFacts: readonly string[] | null;
  /** True when an answerable question was answered, or nothing of the pages was given for an unanswerable one. */
  readonly isDecisionRight: boolean;
  /** True when the answer cites a right document; null when it cites nothing or is not judged. */
  readonly isSourceRight: boolean | null;
}

/**
 * Judges one answer.
 * @param foundDocuments - Ids of the found documents, best first, without repeats.
 */
export function judgeAnswer(
  test: TestQuestion,
  answered: AnsweredQuestion,
  foundDocuments: readonly string[],
): Verdict {
  const isRight = (documentId: string): boolean =>
    test.articles.some((article) => namesDocument(article, documentId));
  const hasSource = test.isAnswerable && test.articles.length > 0;
  const rank = foundDocuments.slice(0, 10).findIndex(isRight) + 1;
  const isAnswered = !answered.refused && answered.handoff === null && answered.code === null;
  // Small talk and requests for people are not in the pages either: a canned reply is right, an extract is not.
  const claims = answered.citations.length > 0;
  const cited = answered.citations.flatMap(({ passageId }) =>
    passageId === null ? [] : [passageId.replace(/#\d+$/, '')],
  );
  return {
    test,
    answered,
    rank: hasSource ? rank : null,
    missingFacts:
      test.isAnswerable && isAnswered && test.facts.length > 0
        ? test.facts.filter((fact) => !containsFact(answered.answer, fact))
        : null,
    isDecisionRight: test.isAnswerable ? isAnswered : !claims && answered.code === null,
    isSourceRight: hasSource && cited.length > 0 ? cited.some(isRight) : null,
  };
}

/** Reports whether an article name of a question set means a document: its id, the last parts of it, or the file or folder it is in. */
export function namesDocument(article: string, documentId: string): boolean {
  const name = article.replace(/\.(?:md|markdown|mdx|html?|txt)$/i, '').replace(/^\/+|\/+$/g, '');
  return `/${documentId}/`.includes(`/${name}/`);
}

/** Reports whether an answer contains a fact, ignoring case, white space, emphasis and digit grouping; `a|b` is either. */
export function containsFact(answer: string, fact: string): boolean {
  const text = flattenText(answer);
  return fact.split('|').some((way) => flattenText(way) !== '' && text.includes(flattenText(way)));
}

/** Writes a text so that only what matters of a fact or a heading is left: letters, digits and marks. */
export function flattenText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’‘]/g, "'")
    .replace(/(?<=\d),(?=\d{3})/g, '')
    .replace(/\*+|`/g, '')
    .replace(/\s+/g, '');
}

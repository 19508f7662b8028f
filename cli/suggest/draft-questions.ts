import type { Passage } from '../../src/contracts/passage.ts';
import { parseMarkdownBlocks } from '../../src/text/markdown-blocks.ts';
import { splitSentences } from '../../src/text/split-sentences.ts';
import { chineseHeadingQuestion, chineseSentenceQuestions } from './chinese-questions.ts';
import type { DraftedQuestion, QuestionOfText } from './drafted-question.ts';
import { factsOf } from './drafted-question.ts';
import { englishHeadingQuestion, englishSentenceQuestions } from './english-questions.ts';

/** Most questions of one passage; more of one kind say little new. */
const MAX_OF_PASSAGE = 4;

/** Drafts questions that passages answer, by the form of headings and sentences; English and Chinese, none for other languages. */
export function draftQuestions(passages: readonly Passage[]): readonly DraftedQuestion[] {
  const seen = new Set<string>();
  return passages.flatMap((passage) => {
    const { language, id, documentId, headings } = passage;
    return questionsOf(passage)
      .slice(0, MAX_OF_PASSAGE)
      .flatMap((made) => {
        const key = `${language} ${made.question.toLowerCase()}`;
        if (seen.has(key)) return [];
        seen.add(key);
        return [{ ...made, language, passageId: id, documentId, heading: headings.at(-1) ?? '' }];
      });
  });
}

function questionsOf(passage: Passage): readonly QuestionOfText[] {
  const { language, title, headings, questions, text } = passage;
  const isChinese = language.startsWith('zh');
  if (!isChinese && !language.startsWith('en')) return [];
  const ofHeading = isChinese ? chineseHeadingQuestion : englishHeadingQuestion;
  const ofSentence = isChinese ? chineseSentenceQuestions : englishSentenceQuestions;
  const blocks = parseMarkdownBlocks(text);
  const sentences = blocks.flatMap((block) => (block.kind === 'paragraph' ? splitSentences(block.text) : []));
  const asked = ofHeading(headings.at(-1) ?? title);
  // The facts of a heading's question are those of its first sentence with any; steps are judged by the passage alone.
  const hasSteps = blocks.some((block) => block.kind === 'list' && block.isOrdered);
  const first = hasSteps ? [] : (sentences.map(factsOf).find((facts) => facts.length > 0) ?? []);
  return [
    ...questions.map((question): QuestionOfText => ({ question, facts: [], kind: 'owner' })),
    ...(asked === null
      ? []
      : [{ question: asked, facts: first.slice(0, 1), kind: 'steps' } satisfies QuestionOfText]),
    ...sentences.flatMap((sentence) => ofSentence(sentence)),
  ];
}

import { createHash } from 'node:crypto';

/** Part of a question set: settings are chosen on one half, the other half is only reported. */
export type QuestionSplit = 'tune' | 'held';

/**
 * Gives the half a question belongs to, by its page: questions on one page never lie in both halves. Unanswerable questions, which
 * have no page, are parted by their id.
 */
export function splitOf({
  id,
  articles,
}: {
  readonly id: string;
  readonly articles: readonly string[];
}): QuestionSplit {
  const digest = createHash('sha256')
    .update(articles[0] ?? id)
    .digest();
  return digest.readUInt8(0) % 2 === 0 ? 'tune' : 'held';
}

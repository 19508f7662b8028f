/** A question that the text of a page answers, made by rule, for the owner to check. */
export interface DraftedQuestion {
  readonly question: string;
  readonly language: string;
  readonly passageId: string;
  readonly documentId: string;
  /** The heading the answer stands under; '' before the first. */
  readonly heading: string;
  /** Pieces of the text that the answer must contain; empty for steps. */
  readonly facts: readonly string[];
  readonly kind: 'steps' | 'fact' | 'definition' | 'yesno' | 'condition' | 'owner';
}

/** A question with what of the text answers it, before its place is known. */
export type QuestionOfText = Pick<DraftedQuestion, 'question' | 'facts' | 'kind'>;

/** Numbers with a unit, amounts and times of a sentence, as they stand there. */
export function factsOf(sentence: string): readonly string[] {
  const found = sentence.match(
    /[£€$¥]\s?\d[\d,.]*\d|[£€$¥]\s?\d|\d{1,2}:\d{2}|\d[\d,.]*\s?(?:%|°\s?C|(?:working |business )?(?:days?|weeks?|months?|years?|hours?|minutes?|seconds?)\b|(?:litres?|liters?|cm|mm|kg|km|ml|MB|GB|g|l|m)\b|个?工作日|天|周|个?月|年|个?小时|分钟|秒|元|英镑|升|厘米|毫米|公斤|克|次)/gu,
  );
  return [...new Set(found ?? [])];
}

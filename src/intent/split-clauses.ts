/** Where one request of a message ends and another may begin: marks, and the words for "and" of five languages. */
const BORDER =
  /[.!?;。！？；\n]+\s*|[,，、]\s*(?:(?:and|und|et|y)\s)?|\s(?:and|und|et|y|also|außerdem|aussi|además|plus)\s|(?:还有|另外|以及|并且|而且|同时)/giu;
/** Most clauses of a message that are looked at. */
const MAX_CLAUSES = 8;

/** Splits a message where one request may end and another begin; a message without such a place is one clause. */
export function splitClauses(text: string): string[] {
  return text
    .split(BORDER)
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '')
    .slice(0, MAX_CLAUSES);
}

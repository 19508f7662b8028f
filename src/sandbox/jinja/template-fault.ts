/** What is wrong with a template, or came of rendering it. */
export class TemplateFault extends Error {
  override readonly name = 'TemplateFault';
  /** From 1; 0 when it is not known. */
  readonly line: number;

  constructor(message: string, line = 0) {
    super(message);
    this.line = line;
  }
}

import type { TemplateToken } from './lex-template.ts';
import { TemplateFault } from './template-fault.ts';

const END: TemplateToken = { kind: 'end', text: '', line: 0 };
/** Expressions and blocks within each other. */
const MAX_DEPTH = 100;

/** Tokens, read one by one. */
export class TokenStream {
  readonly #tokens: readonly TemplateToken[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly TemplateToken[]) {
    this.#tokens = tokens;
  }

  get current(): TemplateToken {
    return this.#tokens[this.#at] ?? END;
  }
  get following(): TemplateToken {
    return this.#tokens[this.#at + 1] ?? END;
  }
  next(): TemplateToken {
    const token = this.current;
    this.#at += 1;
    return token;
  }
  /** Whether an operator or a name stands here. */
  isAt(kind: TemplateToken['kind'], text?: string): boolean {
    return this.current.kind === kind && (text === undefined || this.current.text === text);
  }
  skip(kind: TemplateToken['kind'], text?: string): boolean {
    if (!this.isAt(kind, text)) return false;
    this.#at += 1;
    return true;
  }
  expect(kind: TemplateToken['kind'], text?: string): TemplateToken {
    if (this.isAt(kind, text)) return this.next();
    const { current } = this;
    const wanted = text ?? kind;
    throw current.kind === 'end'
      ? new TemplateFault(`unexpected end of template, expected '${wanted}'.`, current.line)
      : new TemplateFault(`expected token '${wanted}', got '${current.text}'`, current.line);
  }
  fail(message: string): never {
    throw new TemplateFault(message, this.current.line);
  }
  /** Reads something that may lie in itself. */
  within<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) this.fail('the template is nested too deeply');
    const value = read();
    this.#depth -= 1;
    return value;
  }
}

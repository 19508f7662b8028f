import type { GenerateRequest, TokenConstraint } from '../../contracts/engine.ts';
import { UnderstudyError } from '../../contracts/errors.ts';
import { QuoteConstraint } from './quote-constraint.ts';
import type { TokenModel } from './token-model.ts';

/**
 * Makes what a request says about the form of the output; null when it says nothing.
 * @throws UnderstudyError `engine/unsupported` for a grammar or schema the model cannot keep, or for two forms at once;
 *   `engine/grammar-invalid`.
 */
export function chooseConstraint(model: TokenModel, request: GenerateRequest): TokenConstraint | null {
  const { quotes = [], openings = [], grammar, schema } = request;
  const forms = Object.entries({ grammar, schema }).flatMap(([name, form]) =>
    form === undefined ? [] : [name],
  );
  if (forms.length + (quotes.length > 0 ? 1 : 0) > 1) {
    const facts = { forms: quotes.length > 0 ? ['quotes', ...forms] : forms };
    throw new UnderstudyError('engine/unsupported', 'The output can have one form only.', { facts });
  }
  if (forms.length > 0) {
    if (model.constrain === null) {
      throw new UnderstudyError('engine/unsupported', 'This engine cannot keep its output to a form.', {
        facts: { forms },
      });
    }
    return model.constrain(request);
  }
  if (quotes.length === 0) return null;
  const tokenizer = {
    encode: (text: string) => model.encodeText(text),
    decode: (tokens: readonly number[]) => model.decode(tokens),
  };
  const constraint = new QuoteConstraint(quotes, tokenizer, openings);
  return constraint.isEmpty ? null : constraint;
}

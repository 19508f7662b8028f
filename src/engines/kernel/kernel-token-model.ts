import type { GenerateRequest, PromptMessage, TokenConstraint } from '../../contracts/engine.ts';
import { UnderstudyError } from '../../contracts/errors.ts';
import { constraintFor } from '../../kernel/grammar/constraint-for.ts';
import type { KernelDecoder } from '../../kernel/model/kernel-decoder.ts';
import type { KernelModel } from '../../kernel/model/kernel-model.ts';
import { writeTokens } from '../../kernel/model/write-tokens.ts';
import type { ChatTemplate } from '../../kernel/tokenizer/chat-template.ts';
import { createChatTemplate } from '../../kernel/tokenizer/chat-template.ts';
import type { Tokenizer } from '../../kernel/tokenizer/tokenizer.ts';
import type { ModelRun, TokenModel } from '../writing/token-model.ts';

/** Builds and threads of the kernel add in the same order: what is left is the rounding of the recorded digits. */
const LOGIT_TOLERANCE = 1e-3;

/** A decoder of the kernel with its tokenizer and chat format. */
export class KernelTokenModel implements TokenModel {
  readonly #model: KernelModel;
  readonly #decoder: KernelDecoder;
  readonly #tokenizer: Tokenizer;
  readonly #template: ChatTemplate;
  readonly endTokens: readonly number[];
  readonly logitTolerance: number = LOGIT_TOLERANCE;
  readonly constrain = (request: GenerateRequest): TokenConstraint => {
    const constraint = constraintFor(this.#tokenizer, request);
    if (constraint === null) throw new UnderstudyError('engine/failed', 'The request has no form.');
    return constraint;
  };

  /**
   * @param model - Disposed of by {@link dispose}.
   * @throws UnderstudyError `engine/unsupported` for an encoder, `engine/model-invalid` for a tokenizer that does not fit.
   */
  constructor(model: KernelModel) {
    if (model.decoder === null) throw new UnderstudyError('engine/unsupported', 'An encoder writes no text.');
    this.#model = model;
    this.#decoder = model.decoder;
    this.#tokenizer = model.tokenizer;
    if (this.#tokenizer.vocabularySize > model.weights.vocabulary) {
      throw new UnderstudyError(
        'engine/model-invalid',
        `The tokenizer has ${this.#tokenizer.vocabularySize} tokens, the model ${model.weights.vocabulary}.`,
      );
    }
    this.#template = createChatTemplate(model.metadata, this.#tokenizer);
    this.endTokens = [...this.#tokenizer.special.ends];
  }

  get contextTokens(): number {
    return this.#decoder.contextTokens;
  }

  encode(messages: readonly PromptMessage[]): readonly number[] {
    return this.#template.encode(messages);
  }

  encodeText(text: string): readonly number[] {
    return this.#tokenizer.encode(text);
  }

  decode(tokens: readonly number[]): string {
    return this.#tokenizer.decode(tokens);
  }

  async run(run: ModelRun): Promise<void> {
    const { temperature, topK, topP, minP, repetitionPenalty, seed } = run;
    let isFirst = true;
    await writeTokens(this.#decoder, {
      prompt: run.promptIds,
      maxTokens: run.maxTokens,
      sampling: { temperature, topK, topP, minP, repetitionPenalty, seed },
      constraint: run.constraint,
      ends: this.#tokenizer.special.ends,
      beforeStep: run.beforeStep,
      onToken: (token) => {
        // The sampler leaves the logits as they are.
        if (isFirst) run.onLogits?.(this.#decoder.logits);
        isFirst = false;
        return run.onToken(token);
      },
    });
  }

  dispose(): Promise<void> {
    this.#model.dispose();
    return Promise.resolve();
  }
}

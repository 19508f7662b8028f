import { expect } from '@open-wc/testing';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import type { ErrorCode } from '../../src/contracts/errors.ts';
import type { Responder, ResponderPart } from '../../src/contracts/responder.ts';
import type { TurnRequest } from '../../src/contracts/turn.ts';

/** What a scripted server, or whatever else the responder stands on, does with the next turn. */
export type ResponderScript =
  /** Answers with this text in pieces. */
  | { readonly type: 'answer'; readonly pieces: readonly string[] }
  /** Gives these pieces, then breaks off. */
  | { readonly type: 'break'; readonly pieces: readonly string[] }
  /** Gives these pieces, then nothing more, without an end. */
  | { readonly type: 'hang'; readonly pieces: readonly string[] }
  /** Cannot be reached. */
  | { readonly type: 'unreachable' }
  | { readonly type: 'status'; readonly status: number }
  /** A login page where an answer is expected. */
  | { readonly type: 'html' };

/** A responder on a scripted base. */
export interface ScriptedResponder {
  readonly responder: Responder;
  /** Called before each turn. */
  readonly script: (script: ResponderScript) => void;
  /** Resolves once the base has seen that nobody listens any more. */
  readonly released: () => Promise<void>;
}

/** A turn for tests. */
export function testTurn(text = 'How long is the warranty?'): TurnRequest {
  return { id: crypto.randomUUID(), text, language: 'en', pageUrl: null, inputs: {} };
}

/** Reads a responder to its end. */
export async function readAnswer(
  responder: Responder,
  turn: TurnRequest,
  options?: Parameters<Responder['respond']>[1],
): Promise<{ readonly text: string; readonly parts: readonly ResponderPart[] }> {
  const parts: ResponderPart[] = [];
  let text = '';
  for await (const part of responder.respond(turn, options)) {
    parts.push(part);
    if (part.type === 'text-delta') text += part.text;
    if (part.type === 'text-replace') text = part.text;
  }
  return { text, parts };
}

/** Catches what a promise throws; fails the test when it throws nothing. */
export async function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}

/** Expects an error of the product with a code. */
export async function expectCode(promise: Promise<unknown>, code: ErrorCode): Promise<void> {
  const error = await thrownBy(promise);
  expect(isUnderstudyError(error), String(error)).to.equal(true);
  expect(isUnderstudyError(error) && error.code).to.equal(code);
}

/**
 * Declares the tests that every {@link Responder} passes.
 *
 * @param name - Of the implementation, for the report.
 */
export function runResponderContract(name: string, create: () => ScriptedResponder): void {
  describe(`${name} keeps the contract of a responder`, () => {
    it('says its version, id and kind', () => {
      const { responder } = create();
      expect(responder.contract).to.equal(1);
      expect(responder.id).to.match(/^[a-z]/);
      expect(['lead', 'understudy']).to.include(responder.kind);
    });

    it('streams the text and ends with exactly one end part, which is the last', async () => {
      const { responder, script } = create();
      script({ type: 'answer', pieces: ['Two ', 'years', ', 两年。'] });
      const { text, parts } = await readAnswer(responder, testTurn());
      expect(text).to.equal('Two years, 两年。');
      expect(parts.filter(({ type }) => type === 'end')).to.have.length(1);
      expect(parts.at(-1)?.type).to.equal('end');
    });

    it('answers one turn after the other', async () => {
      const { responder, script } = create();
      for (const answer of ['one', 'two', 'three']) {
        script({ type: 'answer', pieces: [answer] });
        expect((await readAnswer(responder, testTurn(), { history: [] })).text).to.equal(answer);
      }
    });

    it('gives an outcome whose figures are in range', async () => {
      const { responder, script } = create();
      script({ type: 'answer', pieces: ['Yes.'] });
      const last = (await readAnswer(responder, testTurn())).parts.at(-1);
      if (last?.type !== 'end') throw new Error('There is no end.');
      expect(last.outcome.confidence).to.be.within(0, 1);
      expect(last.outcome.tokensPerSecond).to.be.at.least(0);
      expect(last.outcome.memoryBytes).to.be.at.least(0);
    });

    it('throws before its end when the answer breaks off', async () => {
      const { responder, script } = create();
      script({ type: 'break', pieces: ['Two '] });
      const parts: ResponderPart[] = [];
      const run = async (): Promise<void> => {
        for await (const part of responder.respond(testTurn())) parts.push(part);
      };
      await expectCode(run(), 'lead/interrupted');
      expect(parts.map(({ type }) => type)).to.deep.equal(['text-delta']);
    });

    it('throws the reason of the signal when it is aborted in the middle, and lets go of its base', async () => {
      const { responder, script, released } = create();
      script({ type: 'hang', pieces: ['Two '] });
      const abort = new AbortController();
      const reason = new Error('enough');
      const run = async (): Promise<void> => {
        for await (const part of responder.respond(testTurn(), { signal: abort.signal })) {
          if (part.type === 'text-delta') abort.abort(reason);
        }
      };
      expect(await thrownBy(run())).to.equal(reason);
      await released();
    });

    it('asks nobody when the signal is aborted already', async () => {
      const { responder, script } = create();
      script({ type: 'answer', pieces: ['never'] });
      const reason = new Error('too late');
      const signal = AbortSignal.abort(reason);
      expect(await thrownBy(readAnswer(responder, testTurn(), { signal }))).to.equal(reason);
    });

    it('lets go of its base when its reader stops', async () => {
      const { responder, script, released } = create();
      script({ type: 'hang', pieces: ['Two '] });
      for await (const part of responder.respond(testTurn())) if (part.type === 'text-delta') break;
      await released();
    });

    const failures: readonly [ResponderScript, ErrorCode][] = [
      [{ type: 'unreachable' }, 'lead/unreachable'],
      [{ type: 'html' }, 'lead/bad-response'],
      [{ type: 'status', status: 500 }, 'lead/refused'],
      [{ type: 'status', status: 502 }, 'lead/refused'],
      [{ type: 'status', status: 429 }, 'lead/refused'],
      [{ type: 'status', status: 401 }, 'lead/auth'],
      [{ type: 'status', status: 403 }, 'lead/auth'],
      [{ type: 'status', status: 400 }, 'lead/misconfigured'],
      [{ type: 'status', status: 404 }, 'lead/misconfigured'],
      [{ type: 'break', pieces: [] }, 'lead/interrupted'],
    ];
    for (const [script, code] of failures) {
      const what = script.type === 'status' ? `status ${String(script.status)}` : script.type;
      it(`throws ${code} for ${what} before any text, and answers the next turn`, async () => {
        const scripted = create();
        scripted.script(script);
        await expectCode(readAnswer(scripted.responder, testTurn()), code);
        scripted.script({ type: 'answer', pieces: ['back'] });
        expect((await readAnswer(scripted.responder, testTurn())).text).to.equal('back');
      });
    }
  });
}

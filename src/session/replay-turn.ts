import type { TranscriptEntry } from '../contracts/protocol.ts';
import type { PastExchange } from '../contracts/responder.ts';
import type { TurnPart } from '../contracts/turn.ts';

/** Gives an answer again that was given before: asking twice with one id is one turn. */
export function* replayTurn(entry: TranscriptEntry): Generator<TurnPart, void, undefined> {
  const { summary, answer } = entry;
  if (summary === null) return;
  yield { type: 'route-decided', responder: summary.responder, reason: summary.reason };
  yield { type: 'text-delta', text: answer };
  for (const citation of summary.citations) yield { type: 'citation', citation };
  yield { type: 'end', summary };
}

/** Makes a turn of this conversation out of an exchange that the lead remembers. */
export function recalledTurn({ id, question, answer, askedAtMs, citations }: PastExchange): TranscriptEntry {
  return {
    id,
    question,
    askedAtMs,
    state: 'answered',
    answer,
    summary: {
      text: answer,
      responder: 'lead',
      reason: 'lead-reachable',
      isWorded: true,
      isRefusal: false,
      intent: 'none',
      confidence: 1,
      citations,
      metrics: { firstTextMs: 0, totalMs: 0, tokensPerSecond: 0, memoryBytes: 0 },
    },
  };
}

import type { ErrorReport } from '../contracts/errors.ts';
import { toErrorReport, UnderstudyError } from '../contracts/errors.ts';
import { parsePageMessage } from '../contracts/parse-protocol.ts';
import type { CallName, PageMessage, WorkerMessage } from '../contracts/protocol.ts';
import type { TurnPart, TurnRequest } from '../contracts/turn.ts';

/** The page as the worker sees it; a worker's global scope and a MessagePort both fit. */
export interface PagePort {
  postMessage(message: WorkerMessage): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
}

/** What answers the page's messages. */
export interface Agent {
  /** Answers a call. @throws UnderstudyError for the page. */
  call(name: CallName, request: unknown): Promise<unknown>;
  ask(turn: TurnRequest, signal: AbortSignal): AsyncIterable<TurnPart>;
  dispose(): void;
}

interface RunningStream {
  readonly controller: AbortController;
  credit: number;
  /** Wakes the stream when it waits for credit. */
  wake: () => void;
}

/**
 * Serves one page over a port: parses its messages, answers calls, streams turns as far as the page gives credit.
 *
 * @param createAgent - Called once with the way to post to the page.
 */
export function servePort(
  port: PagePort,
  createAgent: (post: (message: WorkerMessage) => void) => Agent,
): void {
  const streams = new Map<number, RunningStream>();
  const post = (message: WorkerMessage): void => port.postMessage(message);
  const agent = createAgent(post);

  const call = async (callId: number, name: CallName, request: unknown): Promise<void> => {
    try {
      post({ type: 'reply', callId, reply: await agent.call(name, request) });
    } catch (error) {
      post({ type: 'failure', callId, error: toErrorReport(error) });
    }
  };

  const ask = async (callId: number, turn: TurnRequest): Promise<void> => {
    const stream: RunningStream = { controller: new AbortController(), credit: 0, wake: () => undefined };
    streams.set(callId, stream);
    const { signal } = stream.controller;
    let hasEnded = false;
    try {
      for await (const part of agent.ask(turn, signal)) {
        while (stream.credit === 0 && !signal.aborted) {
          await new Promise<void>((resolve) => {
            stream.wake = resolve;
          });
        }
        stream.credit -= 1;
        hasEnded ||= part.type === 'end' || part.type === 'error';
        post({ type: 'part', callId, part });
      }
      if (!hasEnded) throw new UnderstudyError('internal/unexpected', 'The turn ended without an end.');
    } catch (error) {
      if (!hasEnded) post({ type: 'part', callId, part: { type: 'error', error: reportOf(error, signal) } });
    } finally {
      streams.delete(callId);
    }
  };

  const receive = (message: PageMessage): void => {
    switch (message.type) {
      case 'call':
        void call(message.callId, message.name, message.request);
        break;
      case 'ask':
        if (!streams.has(message.callId)) void ask(message.callId, message.turn);
        break;
      case 'cancel': {
        const stream = streams.get(message.callId);
        stream?.controller.abort(new UnderstudyError('turn/aborted', 'The visitor stopped the answer.'));
        stream?.wake();
        break;
      }
      case 'credit': {
        const stream = streams.get(message.callId);
        if (stream === undefined) break;
        stream.credit += message.credit;
        stream.wake();
        break;
      }
      case 'ping':
        post({ type: 'pong', nonce: message.nonce });
        break;
      case 'dispose':
        for (const { controller } of streams.values()) {
          controller.abort(new UnderstudyError('client/disposed', 'The connection was closed.'));
        }
        agent.dispose();
        break;
    }
  };

  port.addEventListener('message', (event) => {
    const message = parsePageMessage(event.data);
    if (message !== null) {
      receive(message);
      return;
    }
    const error = new UnderstudyError('worker/bad-message', 'A message of the page is not of this protocol.');
    post({ type: 'fault', error: toErrorReport(error) });
  });
  // The sign of life that the page waits for before it says hello.
  post({ type: 'pong', nonce: 0 });
}

function reportOf(error: unknown, signal: AbortSignal): ErrorReport {
  return toErrorReport(signal.aborted ? signal.reason : error);
}

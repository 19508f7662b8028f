import { once } from 'node:events';
import { createServer } from 'node:http';
import { isRecord } from '../../src/contracts/json.ts';

/** What a scripted model does with a request: a reply, a status, or a connection that breaks. */
export type ScriptedReply =
  | { readonly kind: 'reply'; readonly text: string }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: { readonly [name: string]: string };
    }
  | { readonly kind: 'body'; readonly body: string }
  | { readonly kind: 'cut' };

/** A request as it came. */
export interface ScriptedRequest {
  readonly path: string;
  readonly authorization: string | null;
  readonly model: unknown;
  /** The passage it was about, under its headings. */
  readonly passage: string;
}

/** A server that speaks the chat completions protocol, for tests. */
export interface ScriptedChat {
  readonly url: string;
  readonly requests: ScriptedRequest[];
  close(): Promise<void>;
}

/** Starts a {@link ScriptedChat} on a free port of this machine. */
export async function startScriptedChat(
  answer: (request: ScriptedRequest, nth: number) => ScriptedReply,
): Promise<ScriptedChat> {
  const requests: ScriptedRequest[] = [];
  const server = createServer((incoming, response) => {
    const pieces: Buffer[] = [];
    incoming.on('data', (piece: Buffer) => pieces.push(piece));
    incoming.on('end', () => {
      const asked: unknown = JSON.parse(Buffer.concat(pieces).toString('utf8'));
      const messages: unknown = isRecord(asked) ? asked['messages'] : null;
      const last: unknown = Array.isArray(messages) ? messages.at(-1) : null;
      const request: ScriptedRequest = {
        path: incoming.url ?? '',
        authorization: incoming.headers.authorization ?? null,
        model: isRecord(asked) ? asked['model'] : null,
        passage: isRecord(last) ? String(last['content']) : '',
      };
      requests.push(request);
      const reply = answer(request, requests.length);
      if (reply.kind === 'status') response.writeHead(reply.status, reply.headers ?? {}).end('{}');
      else if (reply.kind === 'cut') response.destroy();
      else if (reply.kind === 'body') response.end(reply.body);
      else
        response.end(JSON.stringify({ choices: [{ message: { role: 'assistant', content: reply.text } }] }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${String(port)}/v1`,
    requests,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Connections to one HTTP server, kept open between requests: a new one costs a round trip, with TLS two. */
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';

interface Post {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly signal: AbortSignal;
}

export interface HttpServer {
  /**
   * @returns the body of the answer
   * @throws StatusError; errors of the socket with their `code`; that of the signal
   */
  post(post: Post): Promise<string>;
  close(): void;
}

/** `status` is what a guard looks at. The body of the answer is left out: it may quote what was said. */
class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly status: number;

  constructor(status: number) {
    super(`status ${status}`);
    this.status = status;
  }
}

/** Longer answers are broken ones. */
const MAX_ANSWER_BYTES = 1_000_000;
/** Utterances of a talk come every few seconds. Servers close earlier if they like. */
const IDLE_MS = 60_000;

/** @param base `http://box:8000/v1`; paths are appended */
export function connectHttp(base: string): HttpServer {
  const secure = base.startsWith('https:');
  const options = { keepAlive: true, maxSockets: 2, timeout: IDLE_MS };
  const agent = secure ? new HttpsAgent(options) : new HttpAgent(options);
  const request = secure ? requestHttps : requestHttp;
  const root = base.replace(/\/+$/, '');

  return {
    async post({ path, headers, body, signal }) {
      const answer = Promise.withResolvers<IncomingMessage>();
      const sent = request(
        `${root}${path}`,
        { method: 'POST', agent, signal, headers: { ...headers, 'content-length': body.length } },
        answer.resolve,
      );
      sent.on('error', answer.reject);
      sent.end(body);
      return await readAnswer(await answer.promise);
    },
    close: () => agent.destroy(),
  };
}

async function readAnswer(answer: IncomingMessage): Promise<string> {
  const { statusCode = 0 } = answer;
  if (statusCode < 200 || statusCode > 299) {
    // Read and dropped, or the connection could not be used again.
    answer.on('error', () => {}).resume();
    throw new StatusError(statusCode);
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of answer as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > MAX_ANSWER_BYTES) throw new Error('the answer is too long');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

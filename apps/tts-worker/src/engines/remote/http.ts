/** Requests to one HTTP server over connections that stay open. */
import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

interface HttpAnswer {
  /** As the server names it, without parameters. */
  readonly contentType: string;
  readonly body: AsyncIterable<Uint8Array>;
}

export interface HttpClient {
  /**
   * Resolves with the head of an answer of status 200 to 299. `signal` ends the request and its body.
   * @throws HttpStatusError, or what the socket throws
   */
  ask(path: string, options: HttpOptions): Promise<HttpAnswer>;
  /** The whole answer, parsed. */
  askJson(path: string, options: HttpOptions): Promise<unknown>;
  close(): void;
}

interface HttpOptions {
  readonly signal: AbortSignal;
  /** Sent as JSON, by POST. */
  readonly post?: object;
}

/** What the server said is left out: it may repeat the text. */
export class HttpStatusError extends Error {
  override readonly name = 'HttpStatusError';
  readonly status: number;

  constructor(status: number) {
    super(`status ${status}`);
    this.status = status;
  }
}

/** Rooms that speak at once; beyond it requests wait for a connection. */
const MAX_SOCKETS = 8;
const MAX_JSON_BYTES = 4_000_000;

export function createHttpClient(
  baseUrl: string,
  headers: Readonly<Record<string, string>>,
): HttpClient {
  const base = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`;
  const secure = new URL(base).protocol === 'https:';
  const pool = { keepAlive: true, maxSockets: MAX_SOCKETS };
  const agent = secure ? new HttpsAgent(pool) : new HttpAgent(pool);
  const send = secure ? httpsRequest : httpRequest;

  function open(path: string, { signal, post }: HttpOptions): Promise<IncomingMessage> {
    const body = post && JSON.stringify(post);
    const answer = Promise.withResolvers<IncomingMessage>();
    const request = send(new URL(path, base), {
      agent,
      signal,
      method: body ? 'POST' : 'GET',
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    });
    request.on('response', answer.resolve).on('error', answer.reject).end(body);
    return answer.promise;
  }

  async function ask(path: string, options: HttpOptions): Promise<HttpAnswer> {
    const answer = await open(path, options);
    const { statusCode = 0 } = answer;
    if (statusCode < 200 || statusCode > 299) {
      answer.destroy();
      throw new HttpStatusError(statusCode);
    }
    const [contentType = ''] = (answer.headers['content-type'] ?? '').toLowerCase().split(';');
    return { contentType: contentType.trim(), body: answer };
  }

  return {
    ask,
    async askJson(path, options) {
      const chunks: Uint8Array[] = [];
      let bytes = 0;
      for await (const chunk of (await ask(path, options)).body) {
        bytes += chunk.length;
        if (bytes > MAX_JSON_BYTES) throw new Error('the answer is too long');
        chunks.push(chunk);
      }
      const parsed: unknown = JSON.parse(Buffer.concat(chunks).toString());
      return parsed;
    },
    close: () => agent.destroy(),
  };
}

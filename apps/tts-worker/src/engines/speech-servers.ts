/** Servers for tests of remote engines: they speak a tone, 60 ms per character, and misbehave as told. */
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createWyomingDecoder, encodeWyoming, type WyomingEvent, writeWav } from '@hearth/core';
import { z } from 'zod';

export type Mode =
  | 'speak'
  /** Never answers. */
  | 'silent'
  /** Answers with an error. */
  | 'fail'
  /** Answers with what is no audio. */
  | 'garbage'
  /** Breaks off after the first piece. */
  | 'cut'
  /** Waits after the first piece for `goOn`. */
  | 'hold'
  /** Refuses the key. */
  | 'locked';

export interface SpeechServer {
  readonly port: number;
  mode: Mode;
  /** `wav`: a WAV header of unknown length in front, 22,050 Hz. */
  format: 'pcm' | 'wav' | 'mp3';
  readonly seen: {
    connections: number;
    requests: number;
    /** Connections that the other side ended in the middle of an answer. */
    abandoned: number;
    last: Readonly<Record<string, unknown>>;
  };
  goOn(): void;
  stop(): Promise<void>;
}

const MS_PER_CHAR = 60;
const PIECE_MS = 100;

const TONE = Float64Array.from(
  { length: 4_800 },
  (_, i) => 8_000 * Math.sin((2 * Math.PI * i) / 50),
);

/** A tone in pieces of 100 ms, one per turn of the event loop, which the tests measure. */
async function* pieces(text: string, speed: number, rateHz: number): AsyncGenerator<Uint8Array> {
  const total = Math.round((text.length * MS_PER_CHAR * rateHz) / 1000 / speed);
  const perPiece = Math.round((rateHz * PIECE_MS) / 1000);
  for (let at = 0; at < total; at += perPiece) {
    const tone = Int16Array.from(TONE.subarray(0, Math.min(perPiece, total - at)));
    yield new Uint8Array(tone.buffer);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

interface State extends Omit<SpeechServer, 'port' | 'stop'> {
  held: PromiseWithResolvers<void>;
}

function newState(): State {
  const state: State = {
    mode: 'speak',
    format: 'pcm',
    seen: { connections: 0, requests: 0, abandoned: 0, last: {} },
    held: Promise.withResolvers(),
    goOn() {
      state.held.resolve();
      state.held = Promise.withResolvers();
    },
  };
  return state;
}

async function listen(server: Server, state: State): Promise<SpeechServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    state.seen.connections += 1;
    sockets.add(socket);
    socket.on('error', () => {}).once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return Object.assign(state, {
    port: address.port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  });
}

/** Both forms: of OpenAI (`/v1/audio/speech`) and of ElevenLabs (`/v1/text-to-speech/<id>/stream`). */
export function startHttpServer(): Promise<SpeechServer> {
  const state = newState();
  const server = createHttpServer((request, response) => {
    void answerHttp(state, request, response).catch(() => response.destroy());
  });
  return listen(server, state);
}

const bodySchema = z.object({
  input: z.string().optional(),
  text: z.string().optional(),
  speed: z.number().optional(),
  voice_settings: z.object({ speed: z.number() }).optional(),
});

const VOICES: Readonly<Record<string, object>> = {
  '/v1/audio/voices': { voices: ['alice', { id: 'bob' }] },
  '/v1/voices': {
    voices: [
      { voice_id: 'id-alice', name: 'alice', labels: { language: 'en' } },
      { voice_id: 'id-bob', name: 'bob', labels: null },
    ],
  },
};

async function answerHttp(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { mode } = state;
  if (mode === 'locked') return void response.writeHead(401).end('{"error":"key"}');
  const path = (request.url ?? '').split('?')[0] ?? '';
  const voices = VOICES[path];
  if (voices) return void response.end(JSON.stringify(voices));
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) if (chunk instanceof Uint8Array) chunks.push(chunk);
  const json: unknown = JSON.parse(Buffer.concat(chunks).toString());
  const { input, text, speed, voice_settings } = bodySchema.parse(json);
  state.seen.requests += 1;
  state.seen.last = { path: request.url, headers: request.headers, body: json };
  if (mode === 'silent') return;
  if (mode === 'fail') return void response.writeHead(500).end('it broke');
  if (mode === 'garbage') {
    return void response.setHeader('content-type', 'text/html').end('<html>welcome</html>');
  }
  await sendAudio(
    state,
    response,
    pieces(input ?? text ?? '', speed ?? voice_settings?.speed ?? 1, 24_000),
  );
}

async function sendAudio(
  state: State,
  response: ServerResponse,
  audio: AsyncIterable<Uint8Array>,
): Promise<void> {
  response.once('close', () => (state.seen.abandoned += response.writableFinished ? 0 : 1));
  if (state.format === 'mp3') response.write('ID3\u0004');
  if (state.format === 'wav') {
    const head = writeWav({ rateHz: 22_050, channels: 1, samples: new Int16Array(0) });
    // As a server that streams writes it: it does not know how long it will get.
    head.fill(0xff, 40, 44);
    // In two writes, the second with an odd number of bytes.
    response.write(head.subarray(0, 10));
    response.write(head.subarray(10));
  }
  let sent = 0;
  for await (const piece of audio) {
    // Cut anywhere, also within a sample.
    response.write(piece.subarray(0, 101));
    response.write(piece.subarray(101));
    sent += 1;
    if (sent > 2 && state.mode === 'cut') return void setImmediate(() => response.destroy());
    if (sent === 3 && state.mode === 'hold') await state.held.promise;
  }
  response.end();
}

export function startWyomingServer(): Promise<SpeechServer> {
  const state = newState();
  const server = createTcpServer((socket) => {
    const decoder = createWyomingDecoder();
    // One per answer, of which there are many on one connection.
    socket.setMaxListeners(0);
    socket.on('data', (bytes) => {
      for (const event of decoder.push(bytes)) void answerWyoming(state, socket, event);
    });
  });
  return listen(server, state);
}

const synthesizeSchema = z.object({ text: z.string(), voice: z.object({ name: z.string() }) });

async function answerWyoming(state: State, socket: Socket, event: WyomingEvent): Promise<void> {
  const send = (type: string, data = {}, payload: Uint8Array = new Uint8Array(0)) =>
    socket.write(encodeWyoming({ type, data, payload }));
  if (event.type === 'describe') {
    const voice = (name: string) => ({ name, languages: ['en'], installed: true });
    const away = { name: 'away', languages: ['en'], installed: false };
    return void send('info', { asr: [], tts: [{ voices: [voice('alice'), voice('bob'), away] }] });
  }
  const { text } = synthesizeSchema.parse(event.data);
  state.seen.requests += 1;
  state.seen.last = event.data;
  if (state.mode === 'silent') return;
  if (state.mode === 'fail') return void send('error', { text: `cannot say ${text}` });
  if (state.mode === 'garbage') return void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n');
  const format = { rate: 22_050, width: 2, channels: 1 };
  let sent = 0;
  let finished = false;
  socket.once('close', () => (state.seen.abandoned += finished ? 0 : 1));
  send('audio-start', format);
  for await (const piece of pieces(text, 1, 22_050)) {
    send('audio-chunk', format, piece);
    sent += 1;
    if (sent > 2 && state.mode === 'cut') return socket.destroySoon();
    if (sent === 3 && state.mode === 'hold') await state.held.promise;
  }
  finished = true;
  send('audio-stop');
}

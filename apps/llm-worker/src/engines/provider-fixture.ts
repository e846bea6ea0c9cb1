/** For tests of engines that ask a server: one that is not ours, an engine that asks it, and tools that can be watched. */
import { LLMock } from '@copilotkit/aimock';
import { readPersona } from '../persona.ts';
import type {
  Passage,
  Piece,
  Question,
  ToolOffer,
  ToolOutcome,
  Tools,
  ToolUse,
} from './generator.ts';
import type { ModelSource } from './model-source.ts';
import { createProvider, type Provider, type ProviderOptions } from './provider.ts';

export async function startMock(port = 0): Promise<LLMock> {
  const mock = new LLMock({ port });
  await mock.start();
  return mock;
}

/** Limits are short where a test waits for one. */
export async function providerAt(
  source: ModelSource,
  baseUrl: string,
  options: Partial<ProviderOptions> = {},
): Promise<Provider> {
  return createProvider(source, {
    baseUrl,
    apiKey: 'test',
    model: 'test-model',
    enginesDir: process.env['HEARTH_ENGINES_DIR'] ?? 'nowhere',
    persona: await readPersona(undefined),
    timeZone: 'UTC',
    contextTokens: 4_096,
    maxOutputTokens: 512,
    temperature: undefined,
    beginMs: 5_000,
    idleMs: 5_000,
    retries: 1,
    toolRounds: 5,
    ...options,
  });
}

export interface HouseOptions {
  readonly passages?: readonly Passage[];
  readonly offers?: readonly ToolOffer[];
  readonly use?: (call: ToolUse) => Promise<ToolOutcome>;
}

export function houseOf({ passages = [], offers = [], use }: HouseOptions = {}): Tools {
  const absent = () => Promise.reject(new Error('there is no such thing here'));
  return {
    recall: async () => passages,
    remember: absent,
    forget: absent,
    offers: () => offers,
    use: use ?? absent,
    callTool: absent,
  };
}

export interface Asking {
  readonly tools?: Tools;
  readonly signal?: AbortSignal;
  readonly question?: Partial<Question>;
  /** Called with each piece as it comes. */
  readonly onPiece?: (piece: Piece) => void;
}

export async function ask(
  engine: Pick<Provider, 'generateAsync'>,
  text: string,
  { tools = houseOf(), signal = new AbortController().signal, question, onPiece }: Asking = {},
) {
  const pieces: Piece[] = [];
  const notes: string[] = [];
  const asked = { text, history: [], now: Date.UTC(2026, 10, 21), turnId: 'turn', ...question };
  const options = { tools, signal, note: (word: string) => void notes.push(word) };
  for await (const piece of engine.generateAsync(asked, options)) {
    pieces.push(piece);
    onPiece?.(piece);
  }
  return { text: pieces.map(({ text }) => text).join(''), pieces, notes };
}

/** The memory and the tools of the house as an engine's tools: calls on the bus, within their deadlines, seen in the trace. */
import { callTool, forgetMemory, recall, storeMemory } from '@hearth/contracts';
import type { Bus, Context, Trace } from '@hearth/runtime';
import type { Tools } from './engines/generator.ts';

export interface ToolsOptions {
  readonly bus: Bus;
  readonly trace: Trace;
  readonly context: Context;
  readonly signal: AbortSignal;
  /** Told when the memory did not answer: the answer goes on without it. */
  readonly onMissing: () => void;
}

/** A fact is worth a second try when the first message was lost. */
const STORE_ATTEMPTS = 2;

export function createTools({ bus, trace, context, signal, onMissing }: ToolsOptions): Tools {
  async function noting<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      onMissing();
      throw error;
    }
  }
  return {
    recall: ({ text, topK, roles }) =>
      noting(async () => {
        const excludeTurnId = context.turnId ? { excludeTurnId: context.turnId } : {};
        const query = { text, topK, roles: [...roles], ...excludeTurnId };
        const { data } = await trace.span('llm.recall', { context }, () =>
          bus.call(recall, query, { ...context, signal }),
        );
        return data.passages;
      }),
    remember: (text) =>
      noting(async () => {
        const entry = { role: 'fact', text, ts: Date.now() } as const;
        const options = { ...context, signal, attempts: STORE_ATTEMPTS };
        await bus.call(storeMemory, { entries: [entry] }, options);
      }),
    forget: (text) =>
      noting(async () => {
        const { data } = await bus.call(forgetMemory, { text }, { ...context, signal });
        return data.count;
      }),
    async callTool(name, args, { confirmed, timeoutMs } = {}) {
      const request = { name, arguments: { ...args }, ...(confirmed === true && { confirmed }) };
      const options = { ...context, signal, ...(timeoutMs !== undefined && { timeoutMs }) };
      const { data } = await bus.call(callTool, request, options);
      return data;
    },
  };
}

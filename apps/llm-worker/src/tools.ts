/** What an engine may use: the memory and the tools of the house, by calls on the bus within their deadlines. */
import { callTool, forgetMemory, recall, storeMemory, type ToolsRegistry } from '@hearth/contracts';
import { type Bus, type Context, RuntimeError, type Trace } from '@hearth/runtime';
import type { Confirmations } from './confirmations.ts';
import type { ToolOutcome, Tools, ToolUse } from './engines/generator.ts';

export interface House {
  readonly bus: Bus;
  readonly trace: Trace;
  readonly confirmations: Confirmations;
  /** As last published by the tool worker. */
  readonly registry: () => ToolsRegistry;
}

interface TurnOfTools {
  readonly context: Context;
  /** What the user said in this turn. */
  readonly text: string;
  readonly signal: AbortSignal;
  /** Told when the memory did not answer: the answer goes on without it. */
  readonly onMissing: () => void;
}

export type CreateTools = (turn: TurnOfTools) => Tools;

/** A fact is worth a second try when the first message was lost. */
const STORE_ATTEMPTS = 2;

export function toolsOf({ bus, trace, confirmations, registry }: House): CreateTools {
  return ({ context, text, signal, onMissing }) => {
    const confirming = confirmations.inTurn(context.siteId, text);

    async function noting<T>(work: () => Promise<T>): Promise<T> {
      try {
        return await work();
      } catch (error) {
        onMissing();
        throw error;
      }
    }

    const call: Tools['callTool'] = async (name, args, { confirmed, timeoutMs } = {}) => {
      const request = { name, arguments: { ...args }, ...(confirmed === true && { confirmed }) };
      const options = { ...context, signal, ...(timeoutMs !== undefined && { timeoutMs }) };
      const { data } = await trace.span('llm.tool', { context }, () =>
        bus.call(callTool, request, options),
      );
      return data;
    };

    async function use(wanted: ToolUse): Promise<ToolOutcome> {
      const confirmed = confirming.isAgreed(wanted);
      const answer = await call(wanted.name, wanted.arguments, { confirmed }).catch(
        (error: unknown) => {
          throw notUsed(error);
        },
      );
      const { content, isError, needsConfirmation } = answer;
      if (needsConfirmation === undefined) return { content, isError };
      confirming.expect(wanted);
      const told = `Nothing was done yet. Ask the user: ${needsConfirmation} When they agree, make the same call again.`;
      return { content: told, isError: false };
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
      remember: (fact) =>
        noting(async () => {
          const entry = { role: 'fact', text: fact, ts: Date.now() } as const;
          const options = { ...context, signal, attempts: STORE_ATTEMPTS };
          await bus.call(storeMemory, { entries: [entry] }, options);
        }),
      forget: (words) =>
        noting(async () => {
          const { data } = await bus.call(forgetMemory, { text: words }, { ...context, signal });
          return data.count;
        }),
      offers: () => registry().tools,
      use,
      callTool: call,
    };
  };
}

/** In words for the model, which tells the user. */
function notUsed(thrown: unknown): Error {
  const code = thrown instanceof RuntimeError ? thrown.code : '';
  if (code === 'TIMEOUT')
    return new Error(`no answer within ${callTool.timeoutMs / 1_000} seconds`);
  if (code === 'REMOTE' && thrown instanceof Error) return new Error(thrown.message);
  return new Error('it cannot be reached');
}

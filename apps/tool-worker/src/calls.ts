/** The calls that are being carried out: each ends by its answer, its deadline, or the end of its turn. */
import type { callTool } from '@hearth/contracts';
import type { Log, Message, Reply, Trace } from '@hearth/runtime';
import { ToolError } from './tool-error.ts';
import type { Toolbox } from './toolbox.ts';
import type { ToolResult } from './tools/tool.ts';

type Request = typeof callTool extends { request: { schema: { _output: infer Data } } }
  ? Data
  : never;

/** Ids of ended turns that are remembered; the oldest is forgotten first. */
const REMEMBERED = 1_000;

export interface Calls {
  answer(request: Message<Request>, signal: AbortSignal): Promise<Reply<Result>>;
  /** Ends the calls of a turn: nobody waits for them any more. */
  cancel(turnId: string): void;
}

export interface CallsOptions {
  readonly toolbox: Toolbox;
  readonly trace: Trace;
  readonly log: Log;
}

/** As the contract has it. */
interface Result {
  content: string;
  isError: boolean;
  needsConfirmation?: string;
  data?: unknown;
}

export function createCalls({ toolbox, trace, log }: CallsOptions): Calls {
  const running = new Map<AbortController, string | undefined>();
  /** A call may come after the end of its turn. */
  const cancelled = new Set<string>();
  return {
    async answer({ data, context }, deadline) {
      const control = new AbortController();
      running.set(control, context.turnId);
      if (context.turnId !== undefined && cancelled.has(context.turnId)) control.abort();
      const signal = AbortSignal.any([deadline, control.signal]);
      const use = { siteId: context.siteId, confirmed: data.confirmed === true, signal };
      try {
        const span = { context, engine: true, note: data.name };
        const result = await trace.span('tool.call', span, () =>
          untilAborted(toolbox.call(data.name, data.arguments, use), signal),
        );
        const { content, isError } = result;
        log.info(
          { turnId: context.turnId, tool: data.name, isError, length: content.length },
          'called',
        );
        return { data: replyOf(result) };
      } finally {
        running.delete(control);
      }
    },
    cancel(turnId) {
      cancelled.add(turnId);
      for (const oldest of cancelled) {
        if (cancelled.size <= REMEMBERED) break;
        cancelled.delete(oldest);
      }
      for (const [control, id] of running) if (id === turnId) control.abort();
    },
  };
}

function replyOf({ content, isError, needsConfirmation, data }: ToolResult): Result {
  return {
    content,
    isError,
    ...(needsConfirmation !== undefined && { needsConfirmation }),
    ...(data !== undefined && { data }),
  };
}

/** A tool that does not listen to its signal keeps nobody waiting. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(new ToolError('CANCELLED', 'the call was given up'));
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Its own end may come later, and is of no interest then.
    work.catch(() => undefined);
  }
}

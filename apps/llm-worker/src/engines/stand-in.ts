/** Lets a small engine answer what it can while a language model does not work. */
import type { HealthReporter, Log } from '@hearth/runtime';
import type { GenerateOptions, Generator, Piece, Question } from './generator.ts';
import { ModelError } from './model-error.ts';

export interface StandInOptions {
  readonly health: Pick<HealthReporter, 'degraded' | 'ok'>;
  readonly log: Pick<Log, 'warn'>;
}

/** What the small engine calls a question that it does not understand. */
const UNKNOWN = 'unknown';

/**
 * The model is asked each time; its guard makes that cheap while it is away. Once it has begun to speak nobody takes
 * over: the answer ends in an error that is spoken.
 */
export function withStandIn(
  model: Generator,
  standIn: Generator,
  { health, log }: StandInOptions,
): Generator {
  async function* generateAsync(
    question: Question,
    options: GenerateOptions,
  ): AsyncGenerator<Piece> {
    let begun = false;
    try {
      for await (const piece of model.generateAsync(question, options)) {
        begun = true;
        yield piece;
      }
      health.ok('engine');
      return;
    } catch (error) {
      options.signal.throwIfAborted();
      const { code, message } = told(error);
      log.warn({ turnId: question.turnId, code, begun }, message);
      health.degraded('engine', begun ? message : `${message}; ${standIn.name} answers instead`);
      if (begun) throw error;
      options.note?.(`instead-of-model ${code}`);
      yield* instead(question, options, code);
    }
  }

  async function* instead(
    question: Question,
    options: GenerateOptions,
    code: string,
  ): AsyncGenerator<Piece> {
    let first = true;
    for await (const piece of standIn.generateAsync(question, options)) {
      if (first && piece.intent === UNKNOWN) {
        yield { text: excuse(code), intent: UNKNOWN, engine: standIn.name };
        return;
      }
      first = false;
      yield { ...piece, engine: standIn.name };
    }
  }

  return { name: model.name, generateAsync };
}

function excuse(code: string): string {
  return `${reason(code)} Until that changes, I can only do simple things: say help to hear which.`;
}

function reason(code: string): string {
  switch (code) {
    case 'LLM_UNREACHABLE':
      return 'I cannot answer that, because my language model cannot be reached right now.';
    case 'LLM_BUSY':
      return 'I cannot answer that, because my language model is too busy right now.';
    case 'LLM_STALLED':
      return 'I cannot answer that, because my language model does not answer right now.';
    default:
      return 'I cannot answer that, because my language model does not work right now.';
  }
}

/** A foreign message may hold what was said. */
function told(error: unknown): { code: string; message: string } {
  if (error instanceof ModelError) return { code: error.code, message: error.message };
  const name = error instanceof Error ? error.name : typeof error;
  return { code: 'LLM_FAILED', message: `the language model failed (${name})` };
}

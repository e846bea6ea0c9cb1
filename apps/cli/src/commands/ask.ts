/** `hearth ask "text"`: one question, typed instead of spoken. */
import { findAssistant } from '../house/find-assistant.ts';
import { takeTurn } from '../turn/turn-client.ts';
import { exitCodeOf, reportTurn, type TurnReport } from '../turn/turn-report.ts';
import type { Invocation } from './common.ts';

export interface AskOptions {
  readonly speak: boolean;
  readonly out: string | undefined;
  readonly timeoutMs: number;
}

/** @returns the exit code */
export async function ask(
  { settings, screen, signal }: Invocation,
  text: string,
  { speak, out, timeoutMs }: AskOptions,
): Promise<number> {
  const { tell } = screen;
  const assistant = await findAssistant({ settings, service: 'router', signal, tell });
  try {
    const question = { kind: 'text', text } as const;
    const { bus } = assistant;
    const result = await takeTurn({ bus, question, realtime: false, timeoutMs, signal });
    const dataDir = settings.HEARTH_DATA_DIR;
    const report = await reportTurn(result, { dataDir, out, sound: speak || out !== undefined });
    if (report.error) tell(report.error.message);
    screen.print(describe(report), report);
    return exitCodeOf(result, report);
  } finally {
    await assistant.close();
  }
}

function describe({ answer, audio }: TurnReport): string {
  return audio ? `${answer}\n(${audio})` : answer;
}

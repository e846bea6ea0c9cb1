/** `hearth listen FILE.wav`: plays a recording to the assistant as a satellite would. */
import { createId } from '@hearth/contracts';
import { findAssistant } from '../house/find-assistant.ts';
import { readSpeech } from '../turn/read-speech.ts';
import { takeTurn } from '../turn/turn-client.ts';
import { describeTurn, exitCodeOf, reportTurn } from '../turn/turn-report.ts';
import type { Invocation } from './common.ts';

export interface ListenOptions {
  readonly realtime: boolean;
  readonly out: string | undefined;
  readonly timeoutMs: number;
}

/** @returns the exit code */
export async function listen(
  { settings, screen, signal }: Invocation,
  file: string,
  { realtime, out, timeoutMs }: ListenOptions,
): Promise<number> {
  const samples = await readSpeech(file);
  const { tell } = screen;
  const assistant = await findAssistant({ settings, service: 'router', signal, tell });
  try {
    const question = { kind: 'speech', turnId: createId(), samples } as const;
    const result = await takeTurn({ bus: assistant.bus, question, realtime, timeoutMs, signal });
    const report = await reportTurn(result, {
      dataDir: settings.HEARTH_DATA_DIR,
      out,
      sound: true,
    });
    screen.print(describeTurn(report), report);
    return exitCodeOf(result, report);
  } finally {
    await assistant.close();
  }
}

/** `hearth up`: starts everything, shows how it is, and ends everything in order. */
import { type Assistant, bringUp } from '../house/assistant.ts';
import { choosePlace } from '../house/choose-place.ts';
import { GIVE_UP_AFTER_DEATHS, READY_MS } from '../house/find-assistant.ts';
import { takeFirstTurn } from '../turn/first-turn.ts';
import { isStackLine } from '../house/log-line.ts';
import { removeRunFile, writeRunFile } from '../house/run-file.ts';
import { EXIT } from '../show/screen.ts';
import { createTable, type Table } from '../show/table.ts';
import { describeTurn, exitCodeOf, reportTurn } from '../turn/turn-report.ts';
import { aborted } from '../wait.ts';
import type { Invocation } from './common.ts';

export interface UpOptions {
  readonly port: number | undefined;
  readonly firstTurn: boolean;
  /** End after the first turn. */
  readonly once: boolean;
}

/** @returns the exit code */
export async function up(invocation: Invocation, options: UpOptions): Promise<number> {
  const { settings, screen, signal } = invocation;
  const { tell } = screen;
  const place = await choosePlace({
    settings,
    port: options.port,
    anyPortWillDo: options.firstTurn,
    signal,
    tell,
  });
  // With --json stdout is for the result alone.
  const table = createTable(screen.json ? process.stderr : process.stdout);
  const house: { assistant?: Assistant } = {};
  const onChange = () => house.assistant && table.update(house.assistant.rows());
  try {
    table.line('Starting …');
    house.assistant = await bringUp({
      settings,
      place,
      signal,
      onChange,
      onLine: (name, line) => isStackLine(line) || table.line(`${name} | ${line}`),
    });
    onChange();
    await writeRunFile(settings.HEARTH_DATA_DIR, house.assistant.url);
    return await stayUp({ ...invocation, assistant: house.assistant, table }, options);
  } catch (error) {
    if (signal.aborted) return options.once ? EXIT.interrupted : EXIT.ok;
    throw error;
  } finally {
    if (house.assistant) table.line('Stopping …');
    await house.assistant?.stop();
    table.close();
    await removeRunFile(settings.HEARTH_DATA_DIR);
  }
}

interface Running extends Invocation {
  readonly assistant: Assistant;
  readonly table: Table;
}

async function stayUp(running: Running, { firstTurn, once }: UpOptions): Promise<number> {
  const { settings, screen, signal, assistant, table } = running;
  if (firstTurn || once) {
    const code = await firstTurnOf(running);
    if (once) return code;
  } else {
    await readyOrExplain(running);
    if (screen.json) screen.print('', { url: assistant.url, services: assistant.rows() });
  }
  table.line(howToTalk(assistant.url, settings.HEARTH_PREFIX));
  await aborted(signal);
  return EXIT.ok;
}

/** A worker that does not come up is shown and tried again; what can never come up ends it all. */
async function readyOrExplain({ assistant, signal, table }: Running): Promise<void> {
  try {
    const giveUpAfterDeaths = Number.POSITIVE_INFINITY;
    await assistant.ready({ timeoutMs: READY_MS, giveUpAfterDeaths, signal });
    table.line('Everything is ready.');
  } catch (error) {
    const mayComeUp = error instanceof Error && 'code' in error && error.code === 'NOT_READY';
    if (!mayComeUp) throw error;
    table.line(error.message);
  }
}

async function firstTurnOf({
  settings,
  screen,
  signal,
  assistant,
  table,
}: Running): Promise<number> {
  const giveUpAfterDeaths = GIVE_UP_AFTER_DEATHS;
  await assistant.ready({ timeoutMs: READY_MS, giveUpAfterDeaths, signal });
  const tell = (line: string) => table.line(line);
  const result = await takeFirstTurn(assistant.bus, { signal, tell });
  const report = await reportTurn(result, { dataDir: settings.HEARTH_DATA_DIR, sound: true });
  if (screen.json) screen.print('', report);
  else tell(`\n${describeTurn(report)}\n`);
  const code = exitCodeOf(result, report);
  if (code !== EXIT.ok) {
    screen.tell(`The first turn failed: ${report.error?.message ?? result.outcome}`);
  }
  return code;
}

function howToTalk(url: string, prefix: string): string {
  const { hostname, port } = new URL(url);
  const at = `-h ${hostname} -p ${port || '1883'}`;
  return [
    'Talk to it from another terminal:',
    '  npx hearth ask "what time is it"          (--speak for a WAV of the answer)',
    '  npx hearth listen FILE.wav                a recording, as if a microphone had heard it',
    '  npx hearth watch                          what happens on the bus',
    `  mosquitto_sub ${at} -t '${prefix}/text/out/+' &`,
    `  mosquitto_pub ${at} -t ${prefix}/text/in/kitchen -m 'what time is it'`,
    'Ctrl-C stops it.',
    '',
  ].join('\n');
}

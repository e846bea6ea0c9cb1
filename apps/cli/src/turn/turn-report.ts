/** What `listen`, `ask` and the first turn say about a turn: the JSON of `--json`, the words for people, the exit code. */
import type { WireError } from '@hearth/contracts';
import { UserError } from '@hearth/runtime';
import { saveAnswer, saveSound } from './answers.ts';
import { EXIT } from '../show/screen.ts';
import type { Stage } from './stages.ts';
import type { TurnResult } from './turn-notes.ts';

export interface TurnReport {
  readonly turnId: string | null;
  readonly heard: string;
  readonly answer: string;
  /** Path of a WAV file. */
  readonly audio: string | null;
  readonly error: WireError | null;
  readonly stages: readonly Stage[];
  readonly timeToFirstAudioMs: number | null;
}

/** What `--json` prints when there was no turn at all. */
export const NO_TURN: TurnReport = {
  turnId: null,
  heard: '',
  answer: '',
  audio: null,
  error: null,
  stages: [],
  timeToFirstAudioMs: null,
};

export interface Keeping {
  readonly dataDir: string;
  readonly out?: string | undefined;
  /** False when nobody asked for sound. */
  readonly sound: boolean;
}

/** Writes the sound of the answer to its file. Where that fails, the answer is told all the same. */
export async function reportTurn(result: TurnResult, keeping: Keeping): Promise<TurnReport> {
  const { turnId, heard, answer, error, stages, timeToFirstAudioMs } = result;
  const told = { turnId, heard, answer, audio: null, error, stages, timeToFirstAudioMs };
  try {
    return { ...told, audio: await keep(result, keeping) };
  } catch (failure) {
    if (!(failure instanceof UserError)) throw failure;
    const { code, message } = failure;
    return { ...told, error: error ?? { code, message } };
  }
}

async function keep({ turnId, sound }: TurnResult, keeping: Keeping): Promise<string | null> {
  if (!sound || !turnId || !keeping.sound) return null;
  return keeping.out === undefined
    ? await saveAnswer(keeping.dataDir, turnId, sound)
    : await saveSound(keeping.out, sound);
}

export function exitCodeOf({ outcome }: TurnResult, { error }: TurnReport): number {
  if (outcome === 'answered') return error ? EXIT.failed : EXIT.ok;
  return outcome === 'not-understood' ? EXIT.notUnderstood : EXIT.failed;
}

export function describeTurn(report: TurnReport): string {
  const { heard, answer, audio, error, stages, timeToFirstAudioMs } = report;
  const name = (text: string) => text.padEnd(10);
  return [
    `${name('heard')}${heard || '(nothing)'}`,
    `${name('answer')}${answer || '(none)'}`,
    ...(audio ? [`${name('audio')}${audio}`] : []),
    ...(error ? [`${name('error')}${error.message} (${error.code})`] : []),
    ...(timeToFirstAudioMs === null
      ? []
      : [`${name('first sound after')} ${ms(timeToFirstAudioMs)}`]),
    ...(stages.length > 0 ? ['stages', ...stages.map(describeStage)] : []),
  ].join('\n');
}

function describeStage({ name, startMs, durationMs }: Stage): string {
  return `  ${name.padEnd(18)}${ms(durationMs).padStart(10)}   from ${ms(startMs)}`;
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

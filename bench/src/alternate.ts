/** Times two ways of doing the same in turns, so that whatever drifts (heat, other programs) meets both alike. */

export interface Rounds {
  readonly rounds: number;
  /** Of each side. */
  readonly perRound: number;
}

export interface Pair<Value> {
  readonly subject: Value;
  readonly baseline: Value;
}

type Work = () => Promise<unknown>;

/** Runs a fifth as many times unmeasured first: the first calls pay for compiling. @returns milliseconds of each run */
export async function alternate(
  { rounds, perRound }: Rounds,
  { subject, baseline }: Pair<Work>,
): Promise<Pair<number[]>> {
  const unmeasured = Math.ceil((rounds * perRound) / 5);
  await times(unmeasured, baseline);
  await times(unmeasured, subject);
  const pair: Pair<number[]> = { subject: [], baseline: [] };
  for (let round = 0; round < rounds; round++) {
    const ofBaseline = async () => pair.baseline.push(...(await times(perRound, baseline)));
    const ofSubject = async () => pair.subject.push(...(await times(perRound, subject)));
    // Neither is always the one that comes second.
    const order = round % 2 === 0 ? [ofBaseline, ofSubject] : [ofSubject, ofBaseline];
    for (const measure of order) await measure();
  }
  return pair;
}

/** One after the other. */
export async function times(count: number, work: Work): Promise<number[]> {
  const samples: number[] = [];
  for (let i = 0; i < count; i++) samples.push(await timed(work));
  return samples;
}

export async function timed(work: Work): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

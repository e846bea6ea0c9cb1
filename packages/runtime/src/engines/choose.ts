/** Chooses the engine of a service: the one that is wanted, or the best that is configured and present. */
import { RuntimeError } from '../errors.ts';
import type { HealthReporter } from '../health.ts';
import type { Log } from '../log.ts';
import { beforeDeadline, DEADLINE } from '../offload/limits.ts';
import { asError } from '../offload/wire-error.ts';

/** For a look at files and settings, or a connection to a server at home. */
const LOOK_LIMIT_MS = 3_000;

export interface EngineCandidate {
  readonly name: string;
  /** Why it cannot be used, in a few words; undefined when it can. */
  why(): Promise<string | undefined>;
}

export interface EngineChoice {
  /** `auto`, or the name of a candidate. */
  readonly wanted: string;
  /** The best first. */
  readonly candidates: readonly EngineCandidate[];
  readonly log: Pick<Log, 'info' | 'warn'>;
  readonly health: Pick<HealthReporter, 'detail'>;
}

/**
 * An engine that is wanted by name is taken also when it cannot be used yet: opening it tells health what is missing,
 * and whoever keeps it open tries again.
 * @throws RuntimeError ENGINE_UNAVAILABLE when there is no such candidate, or none that can be used
 */
export async function chooseEngine(choice: EngineChoice): Promise<string> {
  const { wanted, candidates, log, health } = choice;
  if (wanted === 'auto') return await chooseBest(choice);
  const candidate = candidates.find(({ name }) => name === wanted);
  if (!candidate) {
    const names = ['auto', ...candidates.map(({ name }) => name)].join(', ');
    throw new RuntimeError('ENGINE_UNAVAILABLE', `There is no engine "${wanted}", but: ${names}`);
  }
  const problem = await look(candidate);
  health.detail('engineChoice', `${wanted}: set by name`);
  if (problem) log.warn({ engine: wanted }, `engine set by name cannot be used yet: ${problem}`);
  else log.info({ engine: wanted }, 'engine set by name');
  return wanted;
}

async function chooseBest({ candidates, log, health }: EngineChoice): Promise<string> {
  const passedOver: string[] = [];
  for (const candidate of candidates) {
    const { name } = candidate;
    const problem = await look(candidate);
    if (problem === undefined) {
      const better = passedOver.length > 0 ? `; better ones: ${passedOver.join('; ')}` : '';
      health.detail('engineChoice', `${name}: the best that can be used${better}`);
      log.info({ engine: name, passedOver }, 'engine chosen: the best that can be used');
      return name;
    }
    passedOver.push(`${name} (${problem})`);
  }
  throw new RuntimeError('ENGINE_UNAVAILABLE', `No engine can be used: ${passedOver.join('; ')}`);
}

async function look(candidate: EngineCandidate): Promise<string | undefined> {
  try {
    const problem = await beforeDeadline(candidate.why(), LOOK_LIMIT_MS);
    return problem === DEADLINE ? `no answer within ${LOOK_LIMIT_MS} ms` : problem;
  } catch (thrown) {
    return asError(thrown).message;
  }
}

/**
 * Runs an engine without holding the event loop.
 *
 * An engine module exports a class named `Engine`. Its constructor only assigns; optional `load` and `close` open and
 * release what it needs. It must not import its heavy library at the top: `load` imports it, so that a look at the
 * class costs nothing. A port names its methods, each with one input. Where the class has a twin `<method>Async` for
 * each of them, it is built and awaited right here; otherwise the whole engine lives in one worker thread. One that can
 * crash a process lives in a process of its own: see `isolation`.
 */
import { RuntimeError } from '../errors.ts';
import { importEngine, type EngineClass } from './engine-class.ts';
import { keepHost } from './kept-host.ts';
import { beforeDeadline, DEADLINE, untilAborted } from './limits.ts';
import { createLine } from './line.ts';
import { notLoaded, overdue, type Residence, resideHere } from './resident.ts';
import { type EngineSpec, type FullSpec, type OnChange, withDefaults } from './spec.ts';

/** What method `Name` of `Port` takes. */
export type Input<Port, Name extends keyof Port> =
  NonNullable<Port[Name]> extends (input: infer Value) => unknown ? Value : never;

/** What method `Name` of `Port` gives, awaited. */
export type Output<Port, Name extends keyof Port> =
  NonNullable<Port[Name]> extends (input: never) => infer Value ? Awaited<Value> : never;

export interface EngineCallOptions {
  /** Rejects the caller at once, with TIMEOUT or CANCELLED. A call that runs goes on, and its result is dropped. */
  readonly signal?: AbortSignal | undefined;
  /** Buffers of the input to hand over instead of copying them: they are empty afterwards. */
  readonly transfer?: readonly ArrayBuffer[];
}

export interface RunningEngine<Port> {
  readonly name: string;
  /** True when calls run in a worker thread or a process. */
  readonly offloaded: boolean;
  has(method: keyof Port): boolean;
  /**
   * One at a time, in order.
   * @throws RuntimeError ENGINE_FAILED with the engine's own error as cause; ENGINE_UNAVAILABLE, QUEUE_FULL, TIMEOUT,
   *   CANCELLED, CLOSED
   */
  call<Name extends keyof Port & string>(
    method: Name,
    input: Input<Port, Name>,
    options?: EngineCallOptions,
  ): Promise<Output<Port, Name>>;
  /** Calls that run and wait; how often the thread or process was replaced. */
  readonly stats: { readonly pending: number; readonly replaced: number };
  /** Rejects the calls that wait with CLOSED and waits for the running one, within the limit of the spec. */
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Gives the load up. */
  readonly signal?: AbortSignal | undefined;
  readonly onChange?: OnChange;
}

/** @throws RuntimeError ENGINE_FAILED with the engine's own error as cause when it cannot be loaded; TIMEOUT, CANCELLED */
export async function openEngine<Port>(
  spec: EngineSpec,
  { signal, onChange = () => {} }: OpenOptions = {},
): Promise<RunningEngine<Port>> {
  const full = withDefaults(spec);
  const { name } = full;
  const found = await importEngine(full.module.href, full.methods).catch((thrown: unknown) => {
    throw notLoaded(name, thrown);
  });
  const residence = await settle(full, found, { signal, onChange });
  const line = createLine({
    name,
    limit: full.queueLimit,
    run: (job, stop) => residence.run(job, stop),
  });
  let closing: Promise<void> | undefined;

  return {
    name,
    offloaded: !staysHere(full, found),
    has: (method) => found.methods.has(String(method)),
    async call(method, input, { signal, transfer = [] } = {}) {
      if (!found.methods.has(method))
        throw new RuntimeError('ENGINE_FAILED', `${name}: has no ${method}`);
      const output = await line.add({ method, input, transfer }, signal);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a real edge: that an engine keeps to its port is what the tests of the port check
      return output as Output<Port, typeof method>;
    },
    get stats() {
      return { pending: line.pending, replaced: residence.replaced };
    },
    close() {
      line.close();
      closing ??= residence.close();
      return closing;
    },
  };
}

type Wiring = { readonly signal: AbortSignal | undefined; readonly onChange: OnChange };

async function settle(spec: FullSpec, found: EngineClass, wiring: Wiring): Promise<Residence> {
  try {
    return staysHere(spec, found)
      ? await loadHere(spec, found, wiring)
      : await keepHost(spec, wiring);
  } catch (thrown) {
    throw thrown instanceof RuntimeError ? thrown : notLoaded(spec.name, thrown);
  }
}

function staysHere({ isolation }: FullSpec, { allAsync }: EngineClass): boolean {
  return allAsync && isolation !== 'process';
}

async function loadHere(
  spec: FullSpec,
  found: EngineClass,
  { signal, onChange }: Wiring,
): Promise<Residence> {
  const engine = found.build(spec.options);
  const load = engine.load({ progress: (note) => onChange({ to: 'loading', note }) });
  const what = `${spec.name}: load`;
  const end = await beforeDeadline(untilAborted(load, signal, what), spec.loadLimitMs);
  if (end === DEADLINE) throw overdue(spec.name, 'load', spec.loadLimitMs);
  onChange({ to: 'ready' });
  return resideHere(spec, engine);
}

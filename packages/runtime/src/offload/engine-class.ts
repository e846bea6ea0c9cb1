/** The class `Engine` of an engine module, which of its methods serve the port, and how to build and call one. */

export interface EngineClass {
  /** From a method of the port to the method that serves it: `transcribe` to `transcribeAsync` or `transcribe`. */
  readonly methods: ReadonlyMap<string, string>;
  /** True when each of them is an async twin: nothing needs a thread. */
  readonly allAsync: boolean;
  build(options: unknown): EngineObject;
}

/** One engine. Its methods throw and reject with whatever the engine throws. */
export interface EngineObject {
  load(tools: LoadTools): Promise<void>;
  call(method: string, input: unknown, tools: CallTools): Promise<unknown>;
  close(): Promise<void>;
}

/** Second life of a long load: says how far it is, e.g. `model.bin 40 %`. Given to an engine's `load`. */
export interface LoadTools {
  progress(note: string): void;
}

/** Given to each method after its input. Aborts when nobody waits for the answer any more; may be ignored. */
export interface CallTools {
  readonly signal: AbortSignal;
}

export async function importEngine(
  module: string,
  wanted: readonly string[],
): Promise<EngineClass> {
  const loaded: unknown = await import(module);
  const Engine = property(loaded, 'Engine');
  if (typeof Engine !== 'function') throw new TypeError('the module exports no class named Engine');
  const prototype: unknown = Engine.prototype;
  const methods = methodsOf(prototype, wanted);
  if (methods.size === 0) throw new TypeError(`the class Engine has none of ${wanted.join(', ')}`);
  return {
    methods,
    allAsync: [...methods].every(([method, serving]) => serving === twin(method)),
    build: (options) => object(Reflect.construct(Engine, [options]), methods),
  };
}

function methodsOf(prototype: unknown, wanted: readonly string[]): ReadonlyMap<string, string> {
  const methods = new Map<string, string>();
  for (const method of wanted) {
    const serving = [twin(method), method].find((name) => isFunction(property(prototype, name)));
    if (serving) methods.set(method, serving);
  }
  return methods;
}

function object(engine: unknown, methods: ReadonlyMap<string, string>): EngineObject {
  return {
    async load(tools) {
      await invoke(engine, 'load', [tools]);
    },
    async call(method, input, tools) {
      const serving = methods.get(method);
      if (!serving) throw new TypeError(`the engine has no ${method}`);
      return await invoke(engine, serving, [input, tools]);
    },
    async close() {
      await invoke(engine, 'close', []);
    },
  };
}

/** A method that is not there (`load` and `close` are optional) does nothing. */
function invoke(engine: unknown, name: string, args: readonly unknown[]): unknown {
  const method = property(engine, name);
  return isFunction(method) ? Reflect.apply(method, engine, args) : undefined;
}

function isFunction(value: unknown): value is (...args: readonly unknown[]) => unknown {
  return typeof value === 'function';
}

function property(of: unknown, name: string): unknown {
  if ((typeof of !== 'object' && typeof of !== 'function') || of === null) return undefined;
  const value: unknown = Reflect.get(of, name);
  return value;
}

function twin(method: string): string {
  return `${method}Async`;
}

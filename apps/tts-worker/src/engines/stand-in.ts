/** Speaks while the chosen engine cannot: flite, opened when it is first needed, in its own voice whatever voice is asked for. */
import { type CallTools, openEngine, type RunningEngine, siblingModule } from '@hearth/runtime';
import type { FliteOptions } from './flite.ts';
import type { Speech, SpeechStream, SynthesisRequest, Synthesizer, Voice } from './synthesizer.ts';

export class Engine {
  readonly #options: FliteOptions;
  #flite: Promise<RunningEngine<Synthesizer>> | undefined;

  constructor(options: FliteOptions) {
    this.#options = options;
  }

  async synthesizeAsync({ text, speed }: SynthesisRequest, { signal }: CallTools): Promise<Speech> {
    const flite = await this.#open();
    return await flite.call('synthesize', { text, speed }, { signal });
  }

  async streamAsync(request: SynthesisRequest, tools: CallTools): Promise<SpeechStream> {
    const speech = await this.synthesizeAsync(request, tools);
    async function* whole(): AsyncGenerator<Speech> {
      yield speech;
    }
    return Object.assign(whole(), { cancel() {} });
  }

  async voicesAsync(): Promise<readonly Voice[]> {
    return await (await this.#open()).call('voices', undefined);
  }

  async close(): Promise<void> {
    await (await this.#flite)?.close();
  }

  #open(): Promise<RunningEngine<Synthesizer>> {
    this.#flite ??= this.#start();
    return this.#flite;
  }

  async #start(): Promise<RunningEngine<Synthesizer>> {
    try {
      return await openEngine<Synthesizer>({
        name: 'flite',
        module: siblingModule(import.meta.url, './flite'),
        options: this.#options,
        methods: ['synthesize', 'voices'],
        terminable: true,
      });
    } catch (error) {
      // The next call tries again.
      this.#flite = undefined;
      throw error;
    }
  }
}

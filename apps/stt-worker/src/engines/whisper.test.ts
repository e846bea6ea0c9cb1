import { appendFile, copyFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { type EngineSpec, openEngine, siblingModule } from '@hearth/runtime';
import { afterAll, describe, expect, it } from 'vitest';
import { enginesWith, narrowModel } from '../fixtures/whisper-parts.ts';
import type { Transcriber } from './transcriber.ts';
import { transcriberSpec } from './transcriber-spec.ts';
import type { Options } from './whisper.ts';

const installed = await enginesWith('node_modules/@fugood/whisper.node');
const model = await narrowModel();
afterAll(async () => {
  if (model) await rm(path.dirname(model), { recursive: true });
});

function specFor(file: string, options: Partial<Options> = {}): EngineSpec {
  const full: Options = {
    enginesDir: installed ?? '/nowhere',
    model: { file, pullName: 'whisper-base.en' },
    language: 'en',
    translate: false,
    prompt: '',
    threads: 1,
    ...options,
  };
  const module = siblingModule(import.meta.url, './whisper');
  const methods = ['transcribe', 'listen', 'learn'];
  return { name: 'whisper', module, options: full, methods, isolation: 'process' };
}

if (installed && model) {
  transcriberSpec({
    name: 'whisper',
    spec: specFor(model, { prompt: 'Zigbee, Rolladen' }),
    spoken: [],
    model: { specFor, command: 'npx hearth models pull whisper-base.en' },
    limitMs: 60_000,
  });
} else {
  it('whisper.cpp runs in a process of its own', (context) => {
    context.skip('HEARTH_ENGINES_DIR has no @fugood/whisper.node, or HEARTH_TEST_DATA no model');
  });
}

describe('whisper', () => {
  it.skipIf(!model)('that is not installed says how to install it', async () => {
    const spec = specFor(model ?? '', { enginesDir: '/nowhere' });
    await expect(openEngine<Transcriber>(spec)).rejects.toThrow('npx hearth engines add whisper');
  });

  it.skipIf(!installed || !model)(
    'that crashes on a damaged model takes only its own process',
    async () => {
      const damaged = path.join(path.dirname(model ?? ''), 'damaged.bin');
      await copyFile(model ?? '', damaged);
      await appendFile(damaged, tensor('decoder.positional_embedding', { type: -5 }));
      const opening = openEngine<Transcriber>(specFor(damaged));
      await expect(opening).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
    },
  );

  it.skipIf(!installed || !model)('takes whole utterances of dictation', async () => {
    const engine = await openEngine<Transcriber>(specFor(model ?? ''));
    expect(engine.offloaded).toBe(true);
    expect(engine.has('listen')).toBe(false);
    expect(engine.has('learn')).toBe(false);
    await engine.close();
  });
});

/** The beginning of one, as it stands in the file. */
function tensor(name: string, { type }: { readonly type: number }): Uint8Array {
  const header = new DataView(new ArrayBuffer(20));
  for (const [i, value] of [2, name.length, type, 384, 448].entries()) {
    header.setInt32(4 * i, value, true);
  }
  return Buffer.concat([Buffer.from(header.buffer), Buffer.from(name), Buffer.alloc(100)]);
}

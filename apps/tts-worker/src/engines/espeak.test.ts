import { RuntimeError } from '@hearth/runtime';
import { describe, expect, it } from 'vitest';
import { synthesizerSpec } from './synthesizer-spec.ts';
import { openTestEngine } from './testing.ts';

const missing = await openTestEngine('espeak').then(
  (engine) => engine.close(),
  (error: unknown) => {
    if (error instanceof RuntimeError && error.code === 'ENGINE_UNAVAILABLE') return 'not here';
    throw error;
  },
);

describe.skipIf(missing !== undefined)(`espeak (${missing ?? 'of the system'})`, () => {
  synthesizerSpec('espeak', () => openTestEngine('espeak', { TTS_VOICE: 'en-us' }), {
    fewVoices: 5,
  });

  it('speaks other languages', async () => {
    const engine = await openTestEngine('espeak', { TTS_VOICE: 'de' });
    const { samples } = await engine.call('synthesize', { text: 'Grüße aus der Küche.' });
    expect(samples.length).toBeGreaterThan(22_050);
    await engine.close();
  });
});

describe('espeak that is not there', () => {
  it('does not load, and says what to install', async () => {
    const outcome = openTestEngine('espeak', { TTS_ESPEAK_PROGRAM: '/nonexistent/espeak-ng' });
    await expect(outcome).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: '/nonexistent/espeak-ng cannot be run: install espeak-ng, or set TTS_ESPEAK_PROGRAM',
    });
  });
});

import { expect, it } from 'vitest';
import { Engine } from './flite.ts';
import { MAX_TEXT_CHARS } from './synthesizer.ts';
import { synthesizerSpec } from './synthesizer-spec.ts';
import { openTestEngine } from './testing.ts';

async function open(voice = 'slt') {
  const engine = new Engine({ voice });
  await engine.load();
  return engine;
}

synthesizerSpec('flite', async () => openTestEngine('flite'));

it('does not load with a default voice that it does not have', async () => {
  await expect(open('siri')).rejects.toMatchObject({
    code: 'UNKNOWN_VOICE',
    message: 'flite has no voice "siri"; it has slt, rms, awb, kal16, kal',
  });
});

it('says the same text the same way every time: nothing is left behind by the call before', async () => {
  const engine = await open();
  const first = engine.synthesize({ text: 'Good morning.' });
  engine.synthesize({ text: 'Something else, in another voice.', voice: 'awb', speed: 2 });
  expect(engine.synthesize({ text: 'Good morning.' }).samples).toEqual(first.samples);
});

it('refuses words that it cannot read instead of being silent about them', async () => {
  const engine = await open();
  expect(() => engine.synthesize({ text: 'おはよう' })).toThrow(
    expect.objectContaining({ code: 'UNSUPPORTED_TEXT' }),
  );
});

it('says the longest text it takes, about two minutes of speech', async () => {
  const text = 'The lamp is on. '.repeat(200).slice(0, MAX_TEXT_CHARS - 1);
  const { samples, rateHz } = (await open('kal')).synthesize({ text });
  expect(samples.length / rateHz).toBeGreaterThan(60);
});

it('keeps its memory over many calls', async () => {
  const engine = await open('kal');
  const rssMb = () => process.memoryUsage.rss() / 1e6;
  for (let i = 0; i < 20; i++) engine.synthesize({ text: `Warming up, ${i}.` });
  const before = rssMb();
  for (let i = 0; i < 80; i++) engine.synthesize({ text: `Number ${i} is on.` });
  // An instance that stayed alive would cost 25 MB each: 2 GB. The collector may lag by some of them.
  expect(rssMb() - before).toBeLessThan(400);
});

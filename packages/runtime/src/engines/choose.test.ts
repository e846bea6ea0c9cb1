import { describe, expect, it, vi } from 'vitest';
import { chooseEngine } from './choose.ts';

const health = { detail: vi.fn() };
const log = { info: vi.fn(), warn: vi.fn() };
const usable = async () => undefined;
const unusable = async () => 'not installed';
const broken = async () => {
  throw new Error('no such folder');
};

const choose = (wanted: string, whys: Record<string, () => Promise<string | undefined>>) =>
  chooseEngine({
    wanted,
    candidates: Object.entries(whys).map(([name, why]) => ({ name, why })),
    log,
    health,
  });

describe('the choice of an engine', () => {
  it('takes the best one that can be used, and health says why not a better one', async () => {
    const whys = { openai: broken, whisper: unusable, small: usable, tiny: usable };
    expect(await choose('auto', whys)).toBe('small');
    expect(health.detail).toHaveBeenLastCalledWith(
      'engineChoice',
      'small: the best that can be used; better ones: openai (no such folder); whisper (not installed)',
    );
    expect(log.info).toHaveBeenLastCalledWith(
      { engine: 'small', passedOver: ['openai (no such folder)', 'whisper (not installed)'] },
      expect.any(String),
    );
  });

  it('takes the one that is set by name although it cannot be used yet, with a warning', async () => {
    expect(await choose('whisper', { whisper: unusable, small: usable })).toBe('whisper');
    expect(log.warn).toHaveBeenLastCalledWith(
      { engine: 'whisper' },
      'engine set by name cannot be used yet: not installed',
    );
  });

  it('names what there is when the name is unknown, and the reasons when nothing can be used', async () => {
    await expect(choose('wisper', { whisper: usable })).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: 'There is no engine "wisper", but: auto, whisper',
    });
    await expect(choose('auto', { whisper: unusable })).rejects.toMatchObject({
      message: 'No engine can be used: whisper (not installed)',
    });
  });
});

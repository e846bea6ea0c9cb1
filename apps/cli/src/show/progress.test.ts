import { describe, expect, it } from 'vitest';
import { createProgress } from './progress.ts';

function capture(isTTY: boolean) {
  const written: string[] = [];
  const output = { isTTY, columns: 60, write: (text: string) => written.push(text) };
  return { written, progress: createProgress(output, 'model.bin') };
}

describe('the progress of a download', () => {
  it('is a bar on a terminal, drawn over itself and never wider than the window', () => {
    const { written, progress } = capture(true);
    progress.update(0, 2e6);
    progress.update(1e6, 2e6);
    progress.update(2e6, 2e6);
    progress.close();
    expect(written[0]).toContain('[........................]   0 % 0.0/2.0 MB');
    expect(written.at(-2)).toContain('[########################] 100 % 2.0/2.0 MB');
    // The one in the middle came too soon after the first.
    expect(written).toHaveLength(3);
    for (const line of written.slice(0, -1)) {
      expect(line).toMatch(/^\r/);
      expect(line.replace('\r\u001b[K', '').length).toBeLessThan(60);
    }
  });

  it('is a line at every tenth elsewhere', () => {
    const { written, progress } = capture(false);
    for (let done = 0; done <= 100; done++) progress.update(done * 1e5, 1e7);
    progress.close();
    expect(written).toHaveLength(10);
    expect(written[4]).toBe('model.bin: 50 % of 10.0 MB\n');
  });

  it('of an unknown whole is told without a share', () => {
    const { written, progress } = capture(true);
    progress.update(5e6, undefined);
    expect(written[0]).toContain('model.bin  5.0 MB');
  });
});

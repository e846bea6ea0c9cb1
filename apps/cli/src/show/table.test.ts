import { describe, expect, it } from 'vitest';
import type { ServiceRow } from '../house/service-row.ts';
import { createTable } from './table.ts';

const STARTING: ServiceRow = {
  name: 'router',
  state: 'starting',
  ready: false,
  pid: 7,
  restarts: 0,
};
const READY: ServiceRow = { ...STARTING, state: 'ready', ready: true };

function screen(isTTY: boolean, columns = 60) {
  const written: string[] = [];
  return { isTTY, columns, written, write: (text: string) => written.push(text) };
}

describe('table of services', () => {
  it('writes one line per change where there is no terminal', () => {
    const output = screen(false);
    const table = createTable(output);
    table.update([STARTING]);
    table.update([STARTING]);
    table.update([{ ...READY, state: 'degraded', reason: 'no model' }]);
    table.line('hello');
    expect(output.written).toEqual([
      'router starting (pid 7)\n',
      'router degraded (pid 7): no model\n',
      'hello\n',
    ]);
  });

  it('draws over itself on a terminal, and writes lines above', () => {
    const output = screen(true);
    const table = createTable(output);
    table.update([STARTING, READY]);
    table.line('hello');
    expect(output.written[1]?.startsWith('\u001b[2F\u001b[0Jhello\n  router')).toBe(true);
  });

  it('never writes a line wider than the window: it could not be drawn over', () => {
    const output = screen(true, 60);
    const table = createTable(output);
    table.update([{ ...READY, reason: 'x'.repeat(500), restarts: 3 }]);
    const colours = new RegExp(String.raw`\u001b\[\d+m`, 'g');
    const [line] = (output.written[0] ?? '').split('\n');
    expect(line?.replace(colours, '').length).toBeLessThan(60);
  });
});

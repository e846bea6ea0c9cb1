import { describe, expect, it } from 'vitest';
import { isStackLine, plainLogLine } from './log-line.ts';

describe('a crash report', () => {
  it('has one line for people', () => {
    const report = [
      'file:///x/dist/tape.js:19',
      '    copy.set(part, 1);',
      '         ^',
      'RangeError: offset is out of bounds',
      '    at Int16Array.set (<anonymous>)',
      "  code: 'X'",
      '}',
      'Node.js v24.21.0',
    ];
    expect(report.filter((line) => !isStackLine(line))).toEqual([
      'RangeError: offset is out of bounds',
    ]);
  });
});

describe('a log line for people', () => {
  it('is level, message and the message of the error, without its stack', () => {
    const error = { type: 'TtsError', message: 'no voice', stack: 'TtsError: no voice\n    at x' };
    const line = JSON.stringify({ level: 40, name: 'tts-worker', msg: 'request failed', error });
    expect(plainLogLine(line)).toBe('warning: request failed: no voice');
  });

  it('is the line itself where it is no log line', () => {
    for (const line of ['Error: boom', '{"a":1}', '{broken', '42']) {
      expect(plainLogLine(line)).toBe(line);
    }
  });
});

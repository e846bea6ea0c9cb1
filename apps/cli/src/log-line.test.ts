import { describe, expect, it } from 'vitest';
import { plainLogLine } from './log-line.ts';

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

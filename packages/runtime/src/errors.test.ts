import { describe, expect, it } from 'vitest';
import { errorFacts, RuntimeError } from './errors.ts';

describe('errorFacts', () => {
  it('keeps code and text of our own errors', () => {
    const facts = errorFacts(new RuntimeError('TIMEOUT', 'no reply within 5 ms'));
    expect(facts).toMatchObject({ code: 'TIMEOUT', message: 'no reply within 5 ms' });
  });

  const strangers: unknown[] = [
    new SyntaxError('open sesame'),
    Object.assign(new Error('near "open sesame"'), { code: 'ERR_SQLITE_ERROR' }),
    'open sesame',
    undefined,
  ];
  it.each(strangers)('keeps the text of any other to itself, which may quote somebody', (error) => {
    const facts = errorFacts(error);
    expect(facts.code).toBe('INTERNAL');
    expect(JSON.stringify(facts)).not.toContain('sesame');
  });
});

import { describe, expect, it } from 'vitest';
import { isAllowed, qualified } from './remote-tools.ts';

describe('the name of a tool in the house', () => {
  it('is that of its server and its own', () => {
    expect(qualified('files', 'read_file')).toBe('files__read_file');
  });

  it('holds only what language models accept, and stays different from others', () => {
    const names = [qualified('web', 'search.web'), qualified('web', 'search/web')];
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^web__search_web_[0-9a-f]{6}$/);
    const long = ['a', 'b'].map((end) => qualified('web', `${'x'.repeat(100)}${end}`));
    expect(new Set(long).size).toBe(2);
    for (const name of long) expect(name).toHaveLength(64);
  });
});

describe('a tool is allowed', () => {
  it.each([
    ['read_file', { deny: [] }, true],
    ['read_file', { allow: ['read_*'], deny: [] }, true],
    ['write_file', { allow: ['read_*'], deny: [] }, false],
    ['read_file', { allow: ['*'], deny: ['read_file'] }, false],
    ['read_file', { allow: [], deny: [] }, false],
    ['readXfile', { allow: ['read.file'], deny: [] }, false],
  ])('%s by %j: %s', (tool, lists, expected) => {
    expect(isAllowed(tool, lists)).toBe(expected);
  });
});

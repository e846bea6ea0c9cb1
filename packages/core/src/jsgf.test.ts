import { describe, expect, it } from 'vitest';
import { compileGrammar } from './grammar.ts';
import { toJsgf } from './jsgf.ts';

const jsgf = (patterns: string[], lists: Record<string, string[]> = {}) =>
  toJsgf(compileGrammar({ intents: [{ name: 'a.b', patterns }], lists }));

describe('JSGF', () => {
  it('writes patterns, lists and a start rule', () => {
    const { rules, words } = jsgf(['turn on [the] {area} (light|lamp)'], {
      area: ['Kitchen', 'room 2'],
    });
    expect(rules).toBe(
      '<list_area> = kitchen | room two;\n' +
        '<intent_a_2e_b> = turn on [the] <list_area> (light | lamp);\n' +
        '<intents> = <intent_a_2e_b>;\n' +
        '<command> = [please] <intents> [please];\n',
    );
    expect(words).toEqual('kitchen lamp light on please room the turn two'.split(' '));
  });

  it('leaves out what is for typed text, and values that cannot be said', () => {
    const { rules } = jsgf(['remember {text:*}', '~ sup', 'play {who}', 'see {none}'], {
      who: ['ABBA', 'Motörhead', '2pac', '東京'],
      none: ['東京'],
    });
    expect(rules).toContain('<intent_a_2e_b> = play <list_who>;');
    expect(rules).toContain('<list_who> = abba | two pac;');
    expect(rules).not.toContain('see');
  });

  it('lets people say "what\'s" for "what is"', () => {
    const { rules, words } = jsgf(['what is the time']);
    expect(rules).toContain("(what is | what's) the time");
    expect(words).toContain("what's");
  });

  it('builds numbers from parts', () => {
    const { rules, words } = jsgf(['dim to {n:number} percent', 'what is {sum:arithmetic}']);
    expect(rules.length).toBeLessThan(2_000);
    expect(words).toContain('seventeen');
    expect(rules).toContain('<number> (plus | minus');
  });

  it('is a grammar that never matches when nothing can be said', () => {
    expect(jsgf(['~ sup']).rules).toContain('<intents> = <VOID>;');
  });

  it('only holds words of its list, and every rule that it uses', () => {
    const { rules, words } = jsgf(['it is {n:number} in {a}', 'what is {s:arithmetic}'], {
      a: ['x'],
    });
    const names = new Set(rules.match(/<\w+>/g));
    for (const name of names) expect(rules).toContain(`${name} = `);
    const used = rules.replaceAll(/<\w+>/g, ' ').match(/[a-z']+/g) ?? [];
    expect([...new Set(used)].sort()).toEqual(words);
  });
});

/** What every store must do. The test of a new store is one call of this. */
import { assert, asyncProperty, string } from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewEntry, Passage, Question, Store } from './store.ts';

/** A store may answer at once or later; seen from outside it is the same. */
export type AnyStore = {
  [M in keyof Store]: (
    input: Parameters<Store[M]>[0],
  ) => ReturnType<Store[M]> | Promise<ReturnType<Store[M]>>;
};

export interface Opened {
  readonly store: AnyStore;
  close(): Promise<void>;
}

/** @param open makes an empty store */
export function storeSpec(name: string, open: () => Promise<Opened>): void {
  describe(`store: ${name}`, () => {
    let opened: Opened;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(async () => opened.close());

    const keep = (...entries: NewEntry[]) => opened.store.store(entries);
    const find = async (text: string, rest: Partial<Question> = {}): Promise<Passage[]> =>
      opened.store.query({ text, topK: 5, ...rest });
    const texts = async (text: string, rest: Partial<Question> = {}): Promise<string[]> =>
      (await find(text, rest)).map((passage) => passage.text);
    const size = () => opened.store.count(undefined);

    it('gives back what was stored, with its origin and without ids in the text', async () => {
      const entry = { ...said('my cat is called Biscuit', 7), siteId: 'kitchen', turnId: 't1' };
      const [id] = await keep(entry);
      expect(await find('what is my cat called')).toEqual([
        { ...entry, id, score: expect.any(Number) },
      ]);
      expect(await texts('t1 kitchen')).toEqual([]);
    });

    it('stores all entries or none', async () => {
      const broken = said('second', Number.NaN);
      await expect(async () => keep(said('first'), broken)).rejects.toThrow();
      expect(await size()).toBe(0);
    });

    it('gives ids in the order of the entries and never gives an id twice', async () => {
      const ids = await keep(said('one', 1), said('two', 2));
      expect(ids[0]).toBeLessThan(ids[1] ?? 0);
      await opened.store.forget({ all: true });
      const [later] = await keep(said('three', 3));
      expect(later).toBeGreaterThan(ids[1] ?? 0);
    });

    it('keeps a repeated entry once and answers with its id', async () => {
      const entry = { ...said('buy milk', 5), turnId: 't1' };
      const first = await keep(entry);
      expect(await keep(entry, entry)).toEqual([first[0], first[0]]);
      expect(await size()).toBe(1);
      await keep({ ...entry, turnId: 't2' }, { ...entry, ts: 6 }, { ...entry, role: 'fact' });
      expect(await size()).toBe(4);
    });

    it('finds other forms of a word', async () => {
      await keep(said('the lights in the bedrooms are broken'));
      expect(await texts('bedroom light')).toHaveLength(1);
      expect(await texts('does a light break in a bedroom')).toHaveLength(1);
      expect(await texts('bed')).toEqual([]);
    });

    it('finds words with and without accents, whatever their case', async () => {
      await keep(said('Café Zoë opens at EIGHT'));
      expect(await texts('cafe zoe')).toHaveLength(1);
      expect(await texts('CAFE\u0301')).toHaveLength(1);
    });

    it('leaves out the turn that asks', async () => {
      await keep({ ...said('where is my red scarf'), turnId: 'now' });
      await keep({ ...said('the red scarf is in the hall'), turnId: 'before' });
      expect(await texts('where is my red scarf?', { excludeTurnId: 'now' })).toEqual([
        'the red scarf is in the hall',
      ]);
    });

    it('leaves out the same question asked in an earlier turn', async () => {
      await keep({ ...said('Where is my scarf?'), turnId: 'yesterday' });
      expect(await texts('where is my scarf')).toEqual([]);
    });

    it('answers with entries of the asked roles only', async () => {
      await keep(said('tea at four'), { ...said('tea is ready'), role: 'assistant' });
      expect(await texts('tea', { roles: ['assistant'] })).toEqual(['tea is ready']);
      expect(await texts('tea', { roles: ['fact'] })).toEqual([]);
    });

    it('answers with no more than topK entries', async () => {
      await keep(...Array.from({ length: 20 }, (_, i) => said(`tea number ${i}`, i)));
      expect(await texts('tea', { topK: 3 })).toHaveLength(3);
      expect(await texts('tea', { topK: 50 })).toHaveLength(20);
    });

    it('puts the entry that holds more of the words first', async () => {
      await keep(...chatter, said('the alarm code is 4711'), said('the alarm rang today'));
      expect((await texts('what is the alarm code'))[0]).toBe('the alarm code is 4711');
    });

    it('puts a fact above what was said in passing, and a statement above a question', async () => {
      await keep(
        ...chatter,
        said('is the spare key still lost', 9),
        said('I saw the spare key there', 8),
        { ...said('the spare key is under the mat', 1), role: 'fact' },
      );
      expect(await texts('spare key')).toEqual([
        'the spare key is under the mat',
        'I saw the spare key there',
        'is the spare key still lost',
      ]);
    });

    it('finds an answer by the question before it, if somebody else answered', async () => {
      await keep(
        ...chatter,
        { ...said('where did you buy the lamp', 9_000), speaker: 'Ann' },
        { ...said('at the flea market near the harbour', 9_001), speaker: 'Bob' },
      );
      expect((await texts('where was the lamp bought'))[0]).toContain('flea market');
      await keep(
        { ...said('play the radio', 90_000_000) },
        said('the soup is too hot', 90_000_001),
      );
      expect(await texts('radio')).not.toContain('the soup is too hot');
    });

    it('prefers what the named speaker said, and finds other words for the same thing', async () => {
      await keep(
        { ...said('Bob told me he sold his old bicycle', 1), speaker: 'Ann' },
        { ...said('I bought a new car, Ann', 100_000_000), speaker: 'Bob' },
        { ...said('I bought a new bicycle', 200_000_000), speaker: 'Ann' },
      );
      const [first] = await find('which vehicle did Bob purchase');
      expect(first).toMatchObject({ speaker: 'Bob', text: 'I bought a new car, Ann' });
      expect((await texts('which bicycle did Ann buy'))[0]).toBe('I bought a new bicycle');
    });

    it('knows the day that a word for it means', async () => {
      const day = (month: number, date: number) => new Date(2024, month, date, 12).getTime();
      await keep(
        said('we went to the opera yesterday', day(2, 2)),
        said('the opera was wonderful', day(5, 20)),
        said('the opera is closed', day(8, 20)),
      );
      expect((await texts('when were we at the opera in March'))[0]).toContain('yesterday');
      expect((await texts('how was the opera on 20 June 2024'))[0]).toContain('wonderful');
    });

    it('gives the newest entries whatever the question, and never the turn that asks', async () => {
      await keep(said('one', 10), said('three', 30), { ...said('two', 20), role: 'fact' });
      await keep({ ...said('what did I just say', 40), turnId: 'now' });
      const recent = { strategy: 'recent', excludeTurnId: 'now' } as const;
      expect(await texts('...', recent)).toEqual(['three', 'two', 'one']);
      expect(await texts('...', { ...recent, topK: 1, roles: ['fact'] })).toEqual(['two']);
    });

    it('gives what was said around a passage, of the same conversation and room', async () => {
      const at = (siteId: string, text: string, ts: number) => ({ ...said(text, ts), siteId });
      await keep(
        at('den', 'long ago', 1),
        at('den', 'where is the ladder', 9_000_000),
        at('hall', 'good morning', 9_000_001),
        { ...at('den', 'It stands behind the shed.', 9_000_002), role: 'assistant' },
        at('den', 'thank you', 9_000_003),
      );
      const [shed] = await find('shed', { context: 2 });
      expect(shed?.before?.map(({ text }) => text)).toEqual(['where is the ladder']);
      expect(shed?.after).toEqual([{ role: 'user', text: 'thank you' }]);
      expect((await find('shed'))[0]).not.toHaveProperty('before');
    });

    it('forgets what was said before a time, and keeps the facts if asked to', async () => {
      await keep(said('old', 10), { ...said('old fact', 10), role: 'fact' }, said('new', 30));
      expect(await opened.store.forget({ before: 20, keepFacts: true })).toEqual({ count: 1 });
      expect(await size()).toBe(2);
    });

    it('puts the newer of two equal entries first', async () => {
      await keep(said('dinner with Ann', 20), said('dinner with Tom', 30), said('dinner with Sue'));
      expect(await texts('dinner')).toEqual([
        'dinner with Tom',
        'dinner with Ann',
        'dinner with Sue',
      ]);
    });

    it('puts a fact that corrects an older one first, though it is longer', async () => {
      await keep(
        ...chatter,
        { ...said('my keys are in the drawer', 1), role: 'fact' },
        { ...said('my keys are on the small table in the hall', 2), role: 'fact' },
      );
      expect((await texts('where are my keys'))[0]).toContain('table');
    });

    it('merges repeats, and what is repeated a thousand times hides nothing else', async () => {
      await keep({ ...said('the light bulb is an E27', 1), role: 'assistant' });
      for (let at = 0; at < 10; at++) {
        await keep(...Array.from({ length: 100 }, (_, i) => said('Light!', at * 100 + i + 2)));
      }
      await keep(said('light', 5_000));
      expect(await texts('light')).toEqual(['light', 'the light bulb is an E27']);
    });

    it('answers nothing to a question without a word that means something', async () => {
      await keep(said('what is it with you'), said('😀'));
      for (const text of ['what is it with you', '😀', '...', '"', '   ', "it's"]) {
        expect(await texts(text)).toEqual([]);
      }
    });

    it('takes operators and quotes as words', async () => {
      await keep(said('the NEAR star is called "Sol" - 100% AND more'));
      const hostile = ['"sol', 'sol*', 'NEAR(sol', 'text:sol', '-sol', '^sol', '{sol}', "sol'; --"];
      for (const text of hostile) expect(await texts(text)).toHaveLength(1);
      expect(await texts('star NEAR/2 sol) OR (NOT')).toHaveLength(1);
    });

    it('takes a question of 8,000 characters', async () => {
      await keep(said('the boiler was serviced in May'));
      const many = Array.from({ length: 1_300 }, (_, i) => `w${i}`).join(' ');
      expect(await texts(`boiler ${many}`.slice(0, 8_000))).toHaveLength(1);
      expect(await texts('x'.repeat(8_000))).toEqual([]);
    });

    it('takes any text as a question, as an entry and as something to forget', async () => {
      const anything = string({ unit: 'binary', minLength: 1, maxLength: 200 });
      await assert(
        asyncProperty(anything, async (text) => {
          const [id] = await keep(said(text));
          await find(text);
          await opened.store.forget({ text });
          await opened.store.forget({ ids: [id ?? 0] });
          expect(await size()).toBe(0);
        }),
        { numRuns: 200 },
      );
    });

    it('forgets by id', async () => {
      const [first] = await keep(said('plan one', 1), said('plan two', 2));
      expect(await opened.store.forget({ ids: [first ?? 0, 999_999] })).toEqual({ count: 1 });
      expect(await texts('plan')).toEqual(['plan two']);
    });

    it('forgets entries that hold all of the words, in singular or plural', async () => {
      await keep(said('my Cats like fish'), said('the cat sleeps'), said('I like fish'));
      expect(await opened.store.forget({ text: 'fish, cat!' })).toEqual({ count: 1 });
      expect(await size()).toBe(2);
    });

    it('forgets nothing that was not named', async () => {
      await keep(said('the university is old'), said('I parked the car'), said('is it the one'));
      expect(await opened.store.forget({ text: 'universe' })).toEqual({ count: 0 });
      expect(await opened.store.forget({ text: 'parking' })).toEqual({ count: 0 });
      expect(await opened.store.forget({ text: '😀 "" *' })).toEqual({ count: 0 });
      expect(await opened.store.forget({ text: 'it the' })).toEqual({ count: 1 });
      expect(await size()).toBe(2);
    });

    it('forgets what was said before a time', async () => {
      await keep(said('old', 10), said('edge', 20), said('new', 30));
      expect(await opened.store.forget({ before: 20 })).toEqual({ count: 1 });
      expect(await size()).toBe(2);
    });

    it('forgets everything', async () => {
      await keep(said('one', 1), said('two', 2));
      expect(await opened.store.forget({ all: true })).toEqual({ count: 2 });
      expect(await opened.store.forget({ all: true })).toEqual({ count: 0 });
      expect(await texts('one two')).toEqual([]);
    });

    it('exports everything in pages, in the order it was stored', async () => {
      await keep(said('late', 30), said('early', 10), { ...said('fact', 20), role: 'fact' });
      const first = await opened.store.export({ afterId: 0, limit: 2 });
      expect(first.map((entry) => entry.text)).toEqual(['late', 'early']);
      const rest = await opened.store.export({ afterId: first[1]?.id ?? 0, limit: 2 });
      expect(rest).toEqual([{ id: expect.any(Number), role: 'fact', text: 'fact', ts: 20 }]);
    });
  });
}

function said(text: string, ts = 1): NewEntry {
  return { role: 'user', text, ts };
}

/** So that the words of a test are not in most of the entries, where they would mean little. */
const chatter = [
  'turn on the radio',
  'it rains again',
  'good morning',
  'play some jazz',
  'what a day',
  'the soup was great',
  'we go to bed early',
].map((text, i) => said(text, 1_000 + i));

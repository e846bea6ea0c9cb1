import { UserError } from '@hearth/runtime';
import { expect, it } from 'vitest';
import { readOptions } from './options.ts';

const KNOWN = ['bus', 'turn'];

it('measures everything when nothing is asked for', () => {
  expect(readOptions([], KNOWN)).toMatchObject({ only: [], strict: false, list: false });
});

it('takes several benches with commas between them', () => {
  expect(readOptions(['--only', 'turn,bus'], KNOWN).only).toEqual(['turn', 'bus']);
});

it('refuses a bench and an option that there is not, and says what there is', () => {
  expect(() => readOptions(['--only', 'tern'], KNOWN)).toThrow(/no tern.*bus, turn/);
  expect(() => readOptions(['--fast'], KNOWN)).toThrow(UserError);
});

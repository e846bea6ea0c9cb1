/** Makes sentences that a pattern describes: for tests, and to show people what they can say. */
import type { Grammar } from './grammar.ts';
import { numberInWords } from './numbers.ts';
import type { Pattern } from './pattern.ts';

/** @param choose picks one of so many: a whole number from 0 to below the count */
export function exampleOf(
  pattern: Pattern,
  lists: Grammar['lists'],
  choose: (count: number) => number,
): string {
  const one = (options: readonly string[]) => options[choose(options.length)] ?? '';
  const of = (part: Pattern) => exampleOf(part, lists, choose);
  switch (pattern.kind) {
    case 'word':
      return pattern.word;
    case 'sequence':
      return pattern.items
        .map(of)
        .filter((words) => words !== '')
        .join(' ');
    case 'choice': {
      const option = pattern.options[choose(pattern.options.length)];
      return option ? of(option) : '';
    }
    case 'optional':
      return choose(2) === 0 ? '' : of(pattern.item);
    case 'part':
      return of(pattern.item);
    case 'list':
      return one(lists[pattern.list] ?? []);
    case 'number': {
      const value = choose(1_001);
      return one([numberInWords(value), String(value)]);
    }
    case 'arithmetic': {
      const [left, right] = [numberInWords(choose(1_001)), String(choose(1_001))];
      return `${left} ${one(['times', 'plus', 'minus', 'divided by', 'percent of', 'x', '/'])} ${right}`;
    }
    case 'text':
      return one(['the blue book', 'Anything, really', 'keys']);
  }
}

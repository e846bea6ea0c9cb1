/** Things that people say at home, made up, and questions about them: the same in every run. */

const WHO = words(
  'anna bruno carla david elena farid grandma grandpa ines jonas katja our_teacher the_plumber',
);
const DOES = words(
  'likes forgot bought lost found repaired painted sold borrowed cooked planted washed carried dropped',
);
const HOW = words(
  `old red broken wooden tiny expensive green heavy loud favourite blue rusty silver dusty plastic striped round
  square warm cheap soft yellow woollen leather spare golden second borrowed empty folding`,
);
const WHAT = words(
  `bicycle kettle piano keys umbrella chair tomatoes wallet lamp blanket guitar suitcase passport drill teapot mirror
  ladder camera scissors clock radio jacket shoes helmet basket candle curtain pillow hammer saucepan trumpet violin
  tent rope bucket shovel ticket letter parcel stamp puzzle football racket skates sledge telescope microscope
  calculator notebook pencil scarf gloves hat belt necklace bracelet ring vase plate spoon`,
);
const WHERE = words(
  'kitchen garage attic cellar garden hallway bathroom office shed balcony nursery pantry stairs lounge workshop porch',
);
const WHEN = words('monday tuesday last_week in_march yesterday before_breakfast at_christmas');

/** Blanks within an item are written as underscores. */
function words(list: string): string[] {
  return list.split(/\s+/).map((word) => word.replaceAll('_', ' '));
}

/** A small generator with a fixed seed (Mulberry32), so that runs can be compared. */
function createDice(seed: number): <Item>(items: readonly Item[]) => Item {
  let state = seed;
  return (items) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    const item = items[((mixed ^ (mixed >>> 14)) >>> 0) % items.length];
    if (item === undefined) throw new RangeError('nothing to choose from');
    return item;
  };
}

export function remarks(count: number): string[] {
  const one = createDice(1);
  return Array.from(
    { length: count },
    (_, i) =>
      `${one(WHO)} ${one(DOES)} the ${one(HOW)} ${one(WHAT)} in the ${one(WHERE)} ${one(WHEN)}, note ${i}`,
  );
}

/** @returns what gives the next question: words only */
export function questions(): () => string {
  const one = createDice(2);
  return () => `where ${one(HOW)} ${one(WHAT)} ${one(WHERE)}`;
}

/** What a device is called by people, and which room it is in. */

/** Rooms that are understood at the beginning of a name where no room was told. */
const ROOMS = [
  'attic',
  'balcony',
  'basement',
  'bathroom',
  'bedroom',
  'cellar',
  'corridor',
  'dining room',
  'entrance',
  'garage',
  'garden',
  'guest room',
  'hall',
  'hallway',
  'kids room',
  'kitchen',
  'laundry',
  'living room',
  'nursery',
  'office',
  'patio',
  'study',
  'terrace',
  'workshop',
];

const MAX_NAME = 100;

/** `deskLamp_1` and `deskLamp1` are `desk lamp 1`: lower case, words apart, nothing that cannot be said. */
export function spoken(text: string): string {
  return text
    .replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')
    .replaceAll(/(?<=\p{L}{2})(?=\d)/gu, ' ')
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll(/[^\p{L}\p{N}' ]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_NAME)
    .trim();
}

/**
 * An entity belongs to a device and may have a name of its own. Several words of its own say enough (`ceiling light`); one
 * word (`L1`, `temperature`) needs the device before it.
 */
export function nameOf(own: string | undefined, device: string | undefined): string {
  const [mine, whole] = [spoken(own ?? ''), spoken(device ?? '')];
  if (mine === '' || mine === whole) return whole;
  if (whole === '' || mine.startsWith(`${whole} `) || mine.includes(' ')) return mine;
  return `${whole} ${mine}`.slice(0, MAX_NAME);
}

/** @param suggested what the device itself says */
export function areaOf(suggested: string | undefined, name: string): string | undefined {
  const told = spoken(suggested ?? '');
  if (told !== '') return told;
  return ROOMS.filter((room) => name === room || name.startsWith(`${room} `)).toSorted(
    (a, b) => b.length - a.length,
  )[0];
}

/** Which devices are meant: by name, by room, by kind, as people say it. */
import type { Device } from './device.ts';
import type { Kind } from './discovery.ts';
import { spoken } from './names.ts';

export interface Target {
  /** Id, name, or a word for the kind such as `lights`. */
  readonly device?: string | undefined;
  readonly area?: string | undefined;
}

export interface Chosen {
  readonly devices: readonly Device[];
  /** `lights in the kitchen` when several were meant together. */
  readonly group?: string;
}

/** Words for a kind of devices; those with an s mean all of them. */
const KIND_WORDS: Readonly<Record<string, readonly Kind[]>> = {
  light: ['light'],
  lamp: ['light'],
  bulb: ['light'],
  switch: ['switch'],
  plug: ['switch'],
  socket: ['switch'],
  outlet: ['switch'],
  cover: ['cover'],
  blind: ['cover'],
  shutter: ['cover'],
  curtain: ['cover'],
  shade: ['cover'],
  heater: ['climate', 'switch'],
  heating: ['climate'],
  thermostat: ['climate'],
  radiator: ['climate'],
  fan: ['fan', 'switch'],
  lock: ['lock'],
  scene: ['scene'],
};
/** More names than this are not worth reading out. */
const MAX_CHOICES = 4;

/**
 * @param devices those that could be meant at all
 * @param here the room in which it was said, for `the light` without a room
 * @returns a sentence for the user when nothing fits, or too much
 */
export function chooseDevices(
  devices: readonly Device[],
  { device = '', area }: Target,
  here: string | undefined,
): Chosen | string {
  const byId = devices.find(({ entity }) => entity.id === device);
  if (byId) return { devices: [byId] };
  const words = bare(device);
  const room = area === undefined ? undefined : bare(area);
  const called =
    byName(devices, words, room) ??
    byKind(devices, words, room, here) ??
    byWords(devices, words, room);
  if (called) return called;
  const thing = words === '' ? 'device' : words;
  return room === undefined ? `I know of no ${thing}.` : `I know of no ${thing} in the ${room}.`;
}

/** Without articles, as names are kept. */
export function bare(text: string): string {
  return spoken(text).replace(/^(?:(?:all|of|the|my|our|every) )+/, '');
}

function inRoom({ entity, name }: Device, room: string): boolean {
  return entity.area === room || name === room || name.startsWith(`${room} `);
}

function byName(devices: readonly Device[], words: string, room: string | undefined) {
  if (words === '') return undefined;
  const full = room === undefined ? words : `${room} ${words}`;
  const exact = devices.filter(({ name }) => name === full);
  const here = devices.filter(
    (each) => each.name === words && room !== undefined && inRoom(each, room),
  );
  return oneOf(exact) ?? oneOf(here);
}

function byKind(
  devices: readonly Device[],
  words: string,
  room: string | undefined,
  here: string | undefined,
): Chosen | string | undefined {
  const [word, plural] = singular(words);
  const kinds = Object.hasOwn(KIND_WORDS, word) ? (KIND_WORDS[word] ?? []) : [];
  if (kinds.length === 0) return undefined;
  const fitting = devices.filter(
    ({ entity, name }) =>
      entity.kind === kinds[0] ||
      // A plug that a lamp hangs on is called a lamp.
      (['switch', ...kinds].includes(entity.kind) && name.split(' ').includes(word)),
  );
  const near =
    room ?? (here !== undefined && fitting.some((each) => inRoom(each, here)) ? here : undefined);
  const meant = near === undefined ? fitting : fitting.filter((each) => inRoom(each, near));
  if (meant.length === 0) return undefined;
  const [only] = meant;
  if (meant.length === 1 && only) return { devices: [only] };
  // `The light in the kitchen` is all there is; `the light` of a whole house is a question.
  if (plural || room !== undefined || near !== undefined) {
    const place = near === undefined ? '' : ` in the ${near}`;
    return { devices: meant, group: `${word}s${place}` };
  }
  return which(word, meant);
}

/** All words occur in its name or room: `garage door` for the garage door opener. */
function byWords(devices: readonly Device[], words: string, room: string | undefined) {
  const wanted = words.split(' ').filter(Boolean);
  if (wanted.length === 0) return undefined;
  const fitting = devices.filter((each) => {
    const has = new Set(`${each.entity.area ?? ''} ${each.name}`.split(' '));
    return (room === undefined || inRoom(each, room)) && wanted.every((word) => has.has(word));
  });
  if (fitting.length > 1) {
    const kinds = new Set(fitting.map(({ entity }) => entity.kind));
    // One lock and its battery are no question; what can be commanded stands for the rest.
    const first = fitting.filter(({ entity }) => !entity.kind.endsWith('sensor'));
    if (kinds.size > 1 && first.length === 1) return oneOf(first);
    return which(words, fitting);
  }
  return oneOf(fitting);
}

function oneOf(devices: readonly Device[]): Chosen | undefined {
  const [first] = devices;
  return first && { devices: [first] };
}

function singular(words: string): [word: string, plural: boolean] {
  if (words === 'switches') return ['switch', true];
  return words.endsWith('s') ? [words.slice(0, -1), true] : [words, false];
}

function which(word: string, devices: readonly Device[]): string {
  const names = devices.slice(0, MAX_CHOICES).map(({ name }) => `the ${name}`);
  const last = names.pop() ?? '';
  const more = devices.length > MAX_CHOICES ? ', or another' : '';
  return `Which ${word} do you mean: ${names.join(', ')} or ${last}${more}?`;
}

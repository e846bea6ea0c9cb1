import { expect, it } from 'vitest';
import { areaOf, nameOf, spoken } from './names.ts';

it.each([
  ['living_room_light', 'living room light'],
  ['kitchen/floor_light', 'kitchen floor light'],
  ['deskLamp1', 'desk lamp 1'],
  ['L1', 'l1'],
  ["Anna's  Lamp!", "anna's lamp"],
  ['Küche', 'küche'],
  ['---', ''],
  ['x'.repeat(500), 'x'.repeat(100)],
])('%s is said as "%s"', (written, said) => {
  expect(spoken(written)).toBe(said);
});

it.each([
  [undefined, 'living_room_light', 'living room light'],
  ['Ceiling Light', 'esp-node', 'ceiling light'],
  ['L1', 'Kitchen Switch', 'kitchen switch l1'],
  ['Kitchen Switch Left', 'Kitchen Switch', 'kitchen switch left'],
  ['Lamp', undefined, 'lamp'],
])('the entity %s of the device %s is called "%s"', (own, device, name) => {
  expect(nameOf(own, device)).toBe(name);
});

it.each([
  ['Living Room', 'lamp', 'living room'],
  [undefined, 'dining room table light', 'dining room'],
  [undefined, 'hallway light', 'hallway'],
  [undefined, 'lamp', undefined],
])('suggested area %s and name "%s" mean the room %s', (suggested, name, room) => {
  expect(areaOf(suggested, name)).toBe(room);
});

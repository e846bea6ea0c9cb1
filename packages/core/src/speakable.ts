/** Turns written text into what a voice should say: no markup, no links, no emoji, symbols as words. */
import { dropMarkup } from './spoken-markup.ts';
import { sayNumbers } from './spoken-numbers.ts';
import { saySigns } from './spoken-signs.ts';

/**
 * `text` as it is to be spoken, in one line; empty when nothing in it can be spoken.
 * Plain numbers, times, `%` and `$5` stay as they are: every engine reads those.
 */
export function speakable(text: string): string {
  return createSpeakable()(text);
}

/**
 * The same for a text that comes in pieces: a code block that one piece opens stays unspoken in the
 * next ones, until it is closed.
 */
export function createSpeakable(): (piece: string) => string {
  let insideCode = false;
  return (piece) => {
    const { outside, stillInside } = dropCodeBlocks(piece, insideCode);
    insideCode = stillInside;
    return tidy(saySigns(sayNumbers(dropEmoji(dropMarkup(outside)))));
  };
}

/** A fence is three or more backticks or tildes at the start of a line. Inside, only the next fence matters. */
function dropCodeBlocks(text: string, startsInside: boolean) {
  let inside = startsInside;
  const outside: string[] = [];
  for (const line of text.split(/\r\n?|\n/)) {
    if (/^[ >]*(?:```|~~~)/.test(line)) {
      // An opening and closing fence in one line is code within a line.
      const closesItself = !inside && /```.*```/.test(line);
      if (!closesItself) inside = !inside;
      const afterFence = inside || closesItself ? '' : line.replace(/^[ >]*[`~]+/, '');
      outside.push(afterFence);
    } else if (!inside) outside.push(line);
  }
  return { outside: outside.join('\n'), stillInside: inside };
}

/** Emoji, flags, keycaps, skin tones, and the invisible characters that glue them together. */
function dropEmoji(text: string): string {
  return text.replace(
    /[#*0-9]\uFE0F?\u20E3|(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|[\u{E0020}-\u{E007F}]|\uFE0E|\uFE0F|\u200D|\u20E3)+/gu,
    ' ',
  );
}

/** One line, single blanks, none before a comma or full stop, no comma or colon that nothing follows. */
function tidy(text: string): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Z}]+/gu, ' ')
    .replace(/\( *\)|\[ *\]|" *"/g, ' ')
    .replace(/ +(?=[,.;:!?)])/g, '')
    .replace(/,(?=[,.;:!?])/g, '')
    .replace(/([.!?])[,;]+/g, '$1')
    .replace(/ {2,}/g, ' ')
    .replace(/^[ ,.;:!?)\]-]+(?=[^\d])|[ ,;([]+$/g, '');
  return /[\p{L}\p{N}]/u.test(line) ? line.trim() : '';
}

/** Takes Markdown and HTML out of a text and keeps the words that a reader would see. */

/** @param text without fenced code blocks */
export function dropMarkup(text: string): string {
  return decodeEntities(
    dropTags(text.split('\n').map(dropBlockMarks).map(dropInlineMarks).join('\n')),
  );
}

/** Bullets, headings, quotes, rules and table rows: marks that only mean something at the start of a line. */
function dropBlockMarks(line: string): string {
  const bare = line.replace(/^[\s>]+/, '').trimEnd();
  // A rule, an underline of a heading, or the line between head and body of a table.
  if (/^[-=*_|:\s]{3,}$/.test(bare)) return '';
  if (/^\|.*\|$/.test(bare)) return endSentence(bare.slice(1, -1).split('|').map(trim).join(', '));
  const item = bare.replace(
    /^(?:#{1,6}\s+|(?:[-*+•‣▪◦·–]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?)/,
    (mark) => (/^\d/.test(mark) ? mark : ''),
  );
  return item === bare && !/^\d{1,3}[.)]\s/.test(bare)
    ? bare
    : endSentence(item.replace(/\s+#+$/, ''));
}

const trim = (cell: string): string => cell.trim();

/** A heading and a bullet have no full stop, but a voice makes a pause there. */
function endSentence(text: string): string {
  return text === '' || /[.!?:;,]["')\]*_]*$/.test(text) ? text : `${text}.`;
}

/** What is said in place of an address that has no words of its own. */
const A_LINK = 'a link';

/** An address ends before the punctuation of the sentence around it. */
const ADDRESS =
  /\b(?:(?:https?|ftp|file|mqtts?|wss?):\/\/|www\.)[^\s<>"'`)\]]*[^\s<>"'`)\].,;:!?*_]/gi;

function dropInlineMarks(line: string): string {
  return line
    .replace(/!?\[([^[\]]*)\]\([^()]*(?:\([^()]*\)[^()]*)*\)/g, '$1')
    .replace(/\[\^[^[\]]*\](?::.*)?/g, '')
    .replace(/\[([^[\]]+)\]\[[^[\]]*\]/g, '$1')
    .replace(/^\[[^[\]]+\]:\s+\S+.*$/, '')
    .replace(ADDRESS, A_LINK)
    .replace(/<(a link)>/g, '$1')
    .replace(/\*\*|__|~~|`+/g, '')
    .replace(/(?<![\p{L}\p{N}])([*_])(?=\S)([^*_]+?)(?<=\S)\1(?![\p{L}\p{N}])/gu, '$2')
    .replace(/\\([\\`*_{}[\]()#+\-.!|>~])/g, '$1')
    .replace(/\|/g, ', ');
}

/** `<` before a letter opens a tag; before anything else it is "less than". Code and style have no words to say. */
function dropTags(text: string): string {
  return text
    .replace(/<(script|style)\b[^<>]*>[^<]*<\/\1>/gi, ' ')
    .replace(/<!--[^<>]*-->/g, ' ')
    .replace(/<\/(?:p|div|li|h[1-6]|tr|ul|ol|table)>|<br\s*\/?>/gi, '\n')
    .replace(/<\/?[a-z][^<>]*>/gi, '');
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', ' '],
  ['deg', '°'],
  ['euro', '€'],
  ['hellip', '…'],
  ['ndash', '–'],
  ['mdash', '—'],
]);

function decodeEntities(text: string): string {
  return text
    .replace(/&#(\d{1,7});/g, (_, code: string) => character(Number(code)))
    .replace(/&#x([0-9a-f]{1,6});/gi, (_, code: string) => character(Number.parseInt(code, 16)))
    .replace(/&([a-z]{2,6});/gi, (entity, name: string) => ENTITIES.get(name) ?? entity);
}

function character(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

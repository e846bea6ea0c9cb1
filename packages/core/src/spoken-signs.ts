/** Says abbreviations and signs in words, where engines leave them out or spell them. */

/** Abbreviations, quotes, dashes and what is left of signs. */
export function saySigns(text: string): string {
  return WORDS.reduce((said, [pattern, words]) => said.replace(pattern, words), text);
}

/** In order: what comes first may make way for what follows. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\be\. ?g\.,?/gi, 'for example'],
  [/\bi\. ?e\.,?/gi, 'that is'],
  [/\bvs\.?(?!\p{L})/giu, 'versus'],
  [/\bapprox\./gi, 'approximately'],
  [/\bmax\.(?=\s)/gi, 'maximum'],
  [/\b(\w[\w.+-]*)@(\w[\w-]*)\.(\w[\w-]*)\b/g, '$1 at $2 dot $3'],
  [/\b(?:AC)\b/g, 'A C'],
  [/\b(?:AI)\b/g, 'A I'],
  [/[“”„«»‟]/g, '"'],
  [/[‘’‚‛ʼ]/g, "'"],
  [/…/g, '...'],
  [/\s*[—–]\s*|\s+--?\s+/g, ', '],
  [/\s*(?:→|⇒|->|=>)\s*/g, ' to '],
  [/≤|<=/g, ' at most '],
  [/≥|>=/g, ' at least '],
  [/(?<=[\p{L}\d]\s?)<(?=\s?[\p{L}\d])/gu, ' less than '],
  [/(?<=[\p{L}\d]\s?)>(?=\s?[\p{L}\d])/gu, ' more than '],
  [/=+/g, ' equals '],
  [/&/g, ' and '],
  [/@/g, ' at '],
  [/(?<=\d)‰/g, ' per mille'],
  [/(?<=\p{L})\+\+/gu, ' plus plus'],
  [/(?<=\s)\+(?=\s)/g, 'plus'],
  [/(?<=\p{L})\/(?=\p{L})/gu, ' '],
  [/[*_`~^|\\<>{}#•·■□●○◦▪‣†‡§¶]+/g, ' '],
];

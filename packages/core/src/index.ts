/** The surface of core: every name another package may use. */
export { type Calculation, calculate } from './arithmetic.ts';
export { isUnheard } from './apology.ts';
export {
  createEndpointer,
  type Endpointer,
  type EndpointEvent,
  type EndpointOptions,
  findSpeech,
  type SpeechEnded,
} from './endpoint.ts';
export { CoreError, type CoreErrorCode } from './errors.ts';
export {
  bytesOf,
  createSpeechStream,
  durationMs,
  levelDb,
  type SpeechStream,
  samplesOf,
  toSpeech,
} from './pcm.ts';
export { resample } from './resample.ts';
export { readWav, type Sound, type Wav, writeWav } from './wav.ts';
export {
  createSentenceCutter,
  type SentenceCutter,
  type SentenceCutterOptions,
} from './sentences.ts';
export { stepTurn } from './turn.ts';
export {
  IDLE_ROOM,
  type RoomState,
  type TurnEffect,
  type TurnEvent,
  type TurnLimits,
  type Utterance,
} from './turn-state.ts';
export { exampleOf } from './examples.ts';
export { compileGrammar, type Grammar, type Match, matchIntent } from './grammar.ts';
export { type Jsgf, toJsgf } from './jsgf.ts';
export { numberInWords } from './numbers.ts';
export { otherPerson } from './pronouns.ts';
export { createSpeakable, speakable } from './speakable.ts';
export {
  createWyomingDecoder,
  encodeWyoming,
  type WyomingDecoder,
  type WyomingEvent,
} from './wyoming.ts';
export { assemblePrompt, type Prompt, type PromptBudget, type PromptParts } from './prompt.ts';

/** What the user is told when something goes wrong. The first word of a code names the stage that failed. */
import type { WireError } from '@hearth/contracts';

export const NOTHING_HEARD: WireError = { code: 'NO_SPEECH', message: 'there was no speech' };
export const HEARING_TIMEOUT: WireError = {
  code: 'STT_TIMEOUT',
  message: 'speech recognition did not answer in time',
};
export const ANSWER_TIMEOUT: WireError = {
  code: 'LLM_TIMEOUT',
  message: 'the language model did not answer in time',
};
export const EMPTY_ANSWER: WireError = {
  code: 'LLM_EMPTY',
  message: 'the language model gave an empty answer',
};
export const VOICE_TIMEOUT: WireError = {
  code: 'TTS_TIMEOUT',
  message: 'speech synthesis did not answer in time',
};

/** Nothing is broken: there was just nothing to answer. */
export function isUnheard({ code }: WireError): boolean {
  return code === 'NO_SPEECH' || code === 'NOT_UNDERSTOOD';
}

/** One or two short sentences, made for the ear. */
export function apologyFor(code: string): string {
  switch (code) {
    case 'NO_SPEECH':
      return 'Sorry, I did not hear anything.';
    case 'NOT_UNDERSTOOD':
      return 'Sorry, I did not understand that.';
    case 'LLM_TIMEOUT':
      return 'Sorry, that is taking me too long. Please ask again later.';
    case 'LLM_EMPTY':
      return 'Sorry, I have no answer to that.';
  }
  switch (code.split('_')[0] ?? '') {
    case 'STT':
      return 'Sorry, my hearing is not working right now.';
    case 'LLM':
      return 'Sorry, I cannot think right now. My language model is not working.';
    default:
      return 'Sorry, something went wrong. Please try again.';
  }
}

/** The surface of the contracts: every name another package may use. */
export {
  audioIn,
  audioOut,
  encodeLine,
  type FrameHeader,
  frameHeaderSchema,
  type PcmFormat,
  SPEECH_RATE_HZ,
  splitLine,
} from './audio.ts';
export {
  createEnvelope,
  createId,
  type Envelope,
  type EnvelopeFields,
  envelopeSchema,
  siteIdSchema,
} from './envelope.ts';
export { errorReplySchema, type WireError } from './errors.ts';
export { busError, type Health, health } from './health.ts';
export { type Intents, intentsRegistry, intentsSchema } from './intents.ts';
export { jsonSchemas } from './json-schema.ts';
export { llmCancel, llmDelta, llmRequest, llmResponse } from './llm.ts';
export { forgetMemory, recall, storeMemory } from './memory.ts';
export { sttFinal, sttPartial, type Transcript, transcribe } from './stt.ts';
export { allCalls, allTopics } from './surface.ts';
export { callTool, type ToolsRegistry, toolsRegistry } from './tools.ts';
export { type Call, type Topic, topicFilter, topicPath } from './topic.ts';
export { traceSpan } from './trace.ts';
export { synthesize, ttsControl, ttsSay, ttsStatus } from './tts.ts';
export { type Outcome, textIn, textOut, turnState } from './turn.ts';

/** Every topic and call, for tables, schemas and tools that watch the whole bus. */
import { audioIn, audioOut } from './audio.ts';
import { busError, health } from './health.ts';
import { intentsRegistry } from './intents.ts';
import { llmCancel, llmDelta, llmRequest, llmResponse } from './llm.ts';
import { forgetMemory, recall, storeMemory } from './memory.ts';
import { sttFinal, sttPartial, transcribe } from './stt.ts';
import { callTool, toolsRegistry } from './tools.ts';
import type { Topic } from './topic.ts';
import { traceSpan } from './trace.ts';
import { synthesize, ttsControl, ttsSay, ttsStatus } from './tts.ts';
import { textIn, textOut, turnState } from './turn.ts';

export const allCalls = { callTool, forgetMemory, recall, storeMemory, synthesize, transcribe };

/** In the order of the table in ARCHITECTURE.md. */
export const allTopics: readonly Topic<unknown>[] = [
  audioIn,
  audioOut,
  textIn,
  textOut,
  sttPartial,
  sttFinal,
  ttsSay,
  ttsControl,
  ttsStatus,
  turnState,
  llmRequest,
  llmDelta,
  llmResponse,
  llmCancel,
  ...Object.values(allCalls).flatMap(({ request, reply }) => [request, reply]),
  toolsRegistry,
  intentsRegistry,
  health,
  traceSpan,
  busError,
];

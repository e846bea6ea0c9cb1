/** Settings of the language model worker. */
import { z } from 'zod';

/** Docker and YAML give whole numbers as text. */
function whole(min: number, max: number) {
  return z.coerce.number().int().min(min).max(max);
}

export const settings = z.object({
  LLM_ENGINE: z
    .enum(['auto', 'builtin', 'openai-compatible', 'openai', 'anthropic', 'google'])
    .default('auto')
    .describe(
      'What answers: builtin knows a fixed set of sentences and needs no model; openai-compatible is any such server ' +
        '(Ollama, llama.cpp, vLLM, LocalAI); openai, anthropic and google are chosen by name only, as what is said ' +
        'leaves the house; auto takes the server when LLM_BASE_URL and LLM_MODEL are set',
    ),
  LLM_BASE_URL: z
    .url({ protocol: /^https?$/, error: 'must look like http://127.0.0.1:11434/v1' })
    .optional()
    .describe('Where the server of the model is, e.g. http://127.0.0.1:11434/v1'),
  LLM_API_KEY: z.string().optional().describe('Key for that server'),
  LLM_MODEL: z.string().max(128).optional().describe('Name of the model, as the server calls it'),
  LLM_TEMPERATURE: z.coerce
    .number()
    .min(0)
    .max(2)
    .optional()
    .describe('How freely the model speaks; unset, the server decides'),
  LLM_CONTEXT_TOKENS: whole(1_024, 1_000_000)
    .default(4_096)
    .describe('How much the model takes in and gives out together, as the server has it'),
  LLM_MAX_TOKENS: whole(16, 32_000).default(512).describe('How long an answer may be'),
  LLM_BEGIN_MS: whole(100, 300_000)
    .default(20_000)
    .describe('How long the model may take to begin, with all tries'),
  LLM_IDLE_MS: whole(100, 300_000)
    .default(10_000)
    .describe('How long the model may be silent within an answer'),
  LLM_RETRIES: whole(0, 10).default(2).describe('Tries after the first, before an answer begins'),
  LLM_TOOL_ROUNDS: whole(0, 20)
    .default(5)
    .describe('How often the model may ask for tools within an answer'),
  LLM_PERSONA_FILE: z
    .string()
    .optional()
    .describe(
      'YAML or TOML file that says who the assistant is: name, style, traits, instructions',
    ),
  LLM_TIMEOUT_MS: whole(100, 600_000)
    .default(45_000)
    .describe('How long an answer may take at most'),
  LLM_PARALLEL: whole(1, 64).default(8).describe('How many turns are answered at once'),
  HEARTH_TIME_ZONE: z
    .string()
    .refine(isTimeZone, 'must be a time zone such as Europe/Berlin')
    .default(new Intl.DateTimeFormat().resolvedOptions().timeZone)
    .describe('Where the clock on the wall hangs'),
});

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

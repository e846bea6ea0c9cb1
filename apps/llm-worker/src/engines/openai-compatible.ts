/** Any server that speaks OpenAI's chat completions: Ollama, llama.cpp, vLLM, LocalAI and many others. */
import { type ModelSource, missingOf } from './model-source.ts';

export const openaiCompatible: ModelSource = {
  name: 'openai-compatible',
  missing: ({ baseUrl, model }) => missingOf({ LLM_BASE_URL: baseUrl, LLM_MODEL: model }),
  async open({ baseUrl = '', apiKey, model = '' }) {
    const [{ createOpenAICompatible }, { extractReasoningMiddleware, wrapLanguageModel }] =
      await Promise.all([import('@ai-sdk/openai-compatible'), import('ai')]);
    const provider = createOpenAICompatible({
      name: 'openai-compatible',
      ...placeOf(baseUrl),
      includeUsage: true,
      ...(apiKey && { apiKey }),
    });
    // Some servers leave what a model thinks within its answer. Nobody wants to hear that.
    const middleware = extractReasoningMiddleware({ tagName: 'think' });
    return wrapLanguageModel({ model: provider(model), middleware });
  },
};

/** `fetch` takes no address with user and password in it. */
function placeOf(baseUrl: string): { baseURL: string; headers?: Record<string, string> } {
  const url = new URL(baseUrl);
  const { username, password } = url;
  if (username === '') return { baseURL: baseUrl };
  url.username = '';
  url.password = '';
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const Authorization = `Basic ${Buffer.from(user).toString('base64')}`;
  return { baseURL: url.href.replace(/\/$/, ''), headers: { Authorization } };
}

/** What a tool is, wherever it comes from: something with a name, a schema of its arguments, and an answer. */

export interface ToolResult {
  /** For the model, or for the user where no model is asked. */
  readonly content: string;
  readonly isError: boolean;
  /** Nothing was done: this is to be asked first. */
  readonly needsConfirmation?: string | undefined;
  /** The same for programs. */
  readonly data?: unknown;
}

export interface ToolUse {
  /** The room in which it was asked for. */
  readonly siteId: string | undefined;
  /** The user has agreed. */
  readonly confirmed: boolean;
  /** Aborts at the deadline, or when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

export interface Tool {
  /** Unique in the house. */
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Who offers it: `hearth`, or the name of an MCP server. */
  readonly server: string;
  /** The user must agree to each call. */
  readonly confirm?: boolean | undefined;
  /** Wrong arguments are a result with `isError`. It throws when the tool cannot be reached. */
  call(args: Readonly<Record<string, unknown>>, use: ToolUse): Promise<ToolResult>;
}

/** Why a tool was not reached. What a tool itself says of its failure is a result, not an error. */

export type ToolErrorCode =
  | 'UNKNOWN_TOOL'
  /** Its server is not running. */
  | 'TOOL_UNAVAILABLE'
  /** It did not answer within its time. */
  | 'TIMEOUT'
  | 'CANCELLED';

/** Its message never repeats arguments: it may be logged and sent. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  readonly code: ToolErrorCode;

  constructor(code: ToolErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

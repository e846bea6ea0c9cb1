/** A mistake or a mishap that is told to a person in one plain line, without a stack trace. */

/** `sysexits.h` EX_CONFIG: something was wrong with the settings. Supervisors need not restart. */
export const EXIT_CONFIG = 78;

export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: string;
  readonly exitCode: number;

  /** @param message says what is wrong and what to do about it */
  constructor(code: string, message: string, options?: ErrorOptions & { exitCode?: number }) {
    super(message, options);
    this.code = code;
    this.exitCode = options?.exitCode ?? 1;
  }
}

/** Why there is no answer. */

/** A sentence, of the server's or the provider's; `isRefusal` if what was asked cannot be asked. */
export class AskError extends Error {
  constructor(
    sentence: string,
    readonly isRefusal: boolean,
  ) {
    super(sentence);
  }
}

/** Somebody is on the way to sign in, and the page is being left. */
export class LeavingError extends AskError {
  constructor() {
    super("Signing in…", false);
  }
}

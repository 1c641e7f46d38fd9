/** Nothing of ours may throw into the page, and nothing is logged unless debug is on. */

export type Log = (text: string, detail?: unknown) => void;

export function createLog(debug: boolean): Log {
  return debug ? (text, detail = "") => console.warn(`headwater: ${text}`, detail) : () => {};
}

/** Wraps a function that the page or the browser calls, so that an error in it stays inside. */
export function guarded<A extends unknown[]>(log: Log, body: (...args: A) => void) {
  return (...args: A): void => {
    try {
      body(...args);
    } catch (error) {
      log("failed", error);
    }
  };
}

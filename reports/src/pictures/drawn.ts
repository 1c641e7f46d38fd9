/** What every picture is drawn from. */

import type { Answer } from "../api.ts";

export interface Drawn {
  readonly title: string;
  readonly answer: Answer;
  /** The answer of the days before, if it is compared with them. */
  readonly before: Answer | undefined;
  readonly zone: string;
  /** Return the URL of the timeline of a user. */
  readonly timeline: (user: string) => string;
}

/** Who: the device always, the person once the page has said so. */

import type { Store } from "./storage.ts";
import { uuid } from "./uuid.ts";

const ANONYMOUS_ID = "headwater_anonymous_id";
const USER_ID = "headwater_user_id";

/** Reads the store each time: another tab may have signed in or out since. */
export class Identity {
  constructor(private readonly store: Store) {}

  get anonymousId(): string {
    const known = this.store.get(ANONYMOUS_ID);
    if (known) return known;
    const fresh = uuid();
    this.store.set(ANONYMOUS_ID, fresh);
    return fresh;
  }

  get userId(): string | null {
    return this.store.get(USER_ID);
  }

  set userId(id: string) {
    this.store.set(USER_ID, id);
  }

  /** Forgets the person and the device: the next message comes from a new one. */
  reset(): void {
    this.store.remove(USER_ID);
    this.store.remove(ANONYMOUS_ID);
  }
}

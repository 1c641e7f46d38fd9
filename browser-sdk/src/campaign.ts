/** The UTM parameters of a landing page's URL. */

import type { Context } from "./contract.ts";

type Campaign = NonNullable<Context["campaign"]>;

const PARAMETERS: Required<Record<keyof Campaign, string>> = {
  name: "utm_campaign",
  source: "utm_source",
  medium: "utm_medium",
  term: "utm_term",
  content: "utm_content",
};

/** Returns those that the query carries, or null where it has none. */
export function campaignOf(search: string): Campaign | null {
  const query = new URLSearchParams(search);
  const campaign: Campaign = {};
  for (const name of Object.keys(PARAMETERS) as (keyof Campaign)[]) {
    const value = query.get(PARAMETERS[name]);
    if (value) campaign[name] = value;
  }
  return Object.keys(campaign).length > 0 ? campaign : null;
}

/** Which campaign led here: the parameters of a landing page's URL. */

import { bare } from "./own.ts";

/** UTM parameters, and those by which advertising networks mark a click. */
const PARAMETER = /^utm_|clk?id$|braid$|[c_]cid$|igsh|fat_id/;
/** What a cookie has room for beside the rest of a visit. */
const MAX_LENGTH = 3_000;

/**
 * Those parameters as the context has them, in JSON: UTM parameters without their prefix, and the
 * first of each. Empty where there are none.
 */
export function campaignIn(search: string): string {
  const campaign = bare<Record<string, string>>();
  new URLSearchParams(search).forEach((value, parameter) => {
    const key = parameter.toLowerCase();
    const name = key.replace("utm_", "").replace("campaign", "name");
    if (value && PARAMETER.test(key)) campaign[name] ??= value;
  });
  const json = JSON.stringify(campaign);
  // `{}` is of none
  return json[2] && encodeURIComponent(json).length < MAX_LENGTH ? json : "";
}

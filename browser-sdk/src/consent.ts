/** What the visitor has agreed to. */

import type { Options } from "./options.ts";
import { isOn } from "./options.ts";
import { keepText, localText } from "./storage.ts";

/** What a page says of its visitor. */
export type Choice = "granted" | "denied" | "cookieless";

/**
 * - `granted`: ids are kept; so too while nobody has asked for consent, which says nothing.
 * - `denied`: nothing is recorded.
 * - `cookieless`, and `gpc` by Global Privacy Control: recorded, and nothing is kept on the device.
 * - `pending`: events wait in memory for the choice.
 */
export type Consent = Choice | "gpc" | "pending" | undefined;

const KEY = "headwater_consent";

/** Reads the choice each time: another tab may have asked. The browser's own signal outlasts it. */
export function consentOf(
  options: Options,
): [now: () => Consent, choose: (choice: Choice) => void] {
  const signal = () => {
    const { globalPrivacyControl, doNotTrack } = navigator as Signals;
    if (globalPrivacyControl === true && !isOn(options.ignoreGpc)) return "gpc";
    return isOn(options.honorDnt) && doNotTrack === "1" && "cookieless";
  };
  return [
    () => {
      const said = (localText(KEY) || options.consent) as Consent;
      return said === "denied" ? said : signal() || said;
    },
    (choice) => {
      options.consent = choice;
      if (!signal()) keepText(KEY, choice);
    },
  ];
}

type Signals = Navigator & { globalPrivacyControl?: boolean; doNotTrack?: string };

/** The rules of delivery that all clients share. */

import { readFileSync } from "node:fs";
import { parse } from "yaml";

interface Delivery {
  statuses: Record<"accepted" | "again" | "refused" | "halved", number[]>;
  kept: string[];
  backoff: { first_ms: number; longest_ms: number };
  retry_after: { longest_ms: number; pauses: Record<string, number> };
  blocked: { failures: number; rest_ms: number };
  batch: { messages: number; bytes: number; linger_ms: number };
  waiting: { bytes: number; dropped_together: number };
}

const file = new URL("../../tests/golden/delivery.yaml", import.meta.url);
export const DELIVERY: Delivery = parse(readFileSync(file, "utf8"));

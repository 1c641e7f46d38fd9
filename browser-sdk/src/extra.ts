/** How an extra script hands over an event, whether the SDK is there yet or not. */

interface Page {
  headwater?: { push(call: unknown[]): void };
}

export function track(event: string, properties: object): void {
  const page = window as unknown as Page;
  page.headwater ??= [];
  page.headwater.push(["track", event, properties]);
}

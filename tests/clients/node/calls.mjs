// Every call of a server's client, with what the tests look for.
const who = { userId: "ada", anonymousId: "device-1" };

export const calls = {
  identify: { ...who, traits: { plan: "free" } },
  track: { ...who, event: "Order Paid", properties: { total: 42.5, currency: "EUR" } },
  page: { ...who, name: "Docs", properties: { path: "/docs" } },
  screen: { ...who, name: "Main", properties: { tab: 1 } },
  group: { ...who, groupId: "acme", traits: { size: 3 } },
  alias: { userId: "ada", previousId: "device-1" },
};

// The demo shop. What a real page needs is in `startHeadwater`; the rest shows what it does.
"use strict";

// A stack on AWS has a write key of its own for it, and instructions.
const { apiUrl, sdkUrl, writeKey, instructions } = window.HEADWATER;

function startHeadwater() {
  window.headwater = window.headwater || [];
  const script = document.createElement("script");
  script.src = sdkUrl;
  script.dataset.apiUrl = apiUrl;
  if (writeKey) script.dataset.writeKey = writeKey;
  document.head.append(script);
}

// What was sent: the list outlives the page, since a click's message leaves as the page closes.

const MAX_SHOWN = 12;
const sent = JSON.parse(sessionStorage.getItem("sent") || "[]");

function watchRequests() {
  const send = window.fetch;
  window.fetch = async (url, options) => {
    const entries = JSON.parse(options.body).batch.map(summary);
    sent.unshift(...entries.reverse());
    sent.splice(MAX_SHOWN);
    showSent();
    try {
      const response = await send(url, options);
      settle(entries, String(response.status));
      return response;
    } catch (error) {
      settle(entries, "no answer");
      throw error;
    }
  };
}

function summary(message) {
  const { type, event, timestamp, userId, properties = {}, context } = message;
  const what = event ?? (type === "page" ? "page_view" : type);
  const detail = properties.text || (type === "identify" ? userId : pathOf(context.page.url));
  return { time: timestamp, what, detail, answer: "sent" };
}

function pathOf(url) {
  const { pathname, hash } = new URL(url);
  return pathname + hash;
}

function settle(entries, answer) {
  for (const entry of entries) entry.answer = answer;
  showSent();
}

function showSent() {
  sessionStorage.setItem("sent", JSON.stringify(sent));
  document.querySelector("#sent").replaceChildren(...sent.map(row));
}

function row({ time, what, detail, answer }) {
  const item = document.createElement("li");
  const clock = new Date(time).toLocaleTimeString();
  item.append(element("time", clock), element("span", `${what}: ${detail}`), element("output", answer));
  return item;
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

// The shop itself.

function onEvent(selector, type, action) {
  document.querySelector(selector)?.addEventListener(type, action);
}

function say(selector, text) {
  const place = document.querySelector(selector);
  if (place) place.textContent = text;
}

function signIn(event) {
  event.preventDefault();
  const user = new FormData(event.target).get("user");
  window.headwater.push(["identify", user, { plan: "demo" }]);
  say("#who", `Signed in as ${user}.`);
}

function signOut() {
  window.headwater.push(["reset"]);
  say("#who", "Signed out: the next events come from a new visitor.");
}

function choose(event) {
  const { value, textContent } = event.target;
  window.headwater.push(["consent", value]);
  say("#consent", `${textContent}, then.`);
}

function placeOrder() {
  const bottle = new URLSearchParams(location.search).get("bottle") || "glacier";
  window.headwater.push(["track", "Order placed", { bottle, bottles: 1 }]);
  say("#ordered", "Ordered. Thank you for nothing!");
}

function showRoute() {
  say("#route", location.hash === "#/springs" ? "You are there." : "");
}

// The pages are for a stack on AWS: on a laptop a command asks.
function showHowToAsk() {
  if (instructions) return showInstructions();
  for (const code of document.querySelectorAll(".ask")) {
    code.textContent = `uv run headwater query "${code.textContent}"`;
  }
}

function showInstructions() {
  for (const place of document.querySelectorAll(".where")) place.textContent = "in Athena";
  const link = document.querySelector("#instructions");
  link.href = instructions;
  link.hidden = false;
}

say("#api", apiUrl);
showHowToAsk();
showSent();
showRoute();
watchRequests();
startHeadwater();
onEvent("#sign-in", "submit", signIn);
onEvent("#sign-out", "click", signOut);
onEvent("#order", "click", placeOrder);
onEvent("#news", "submit", (event) => event.preventDefault());
for (const button of document.querySelectorAll(".consent")) button.onclick = choose;
window.addEventListener("hashchange", showRoute);

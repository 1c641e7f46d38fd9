/** The URL that a text is, or null; `URL.parse` does the same in browsers of 2024 and later. */
export function parseUrl(text: string, base?: string): URL | null {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}

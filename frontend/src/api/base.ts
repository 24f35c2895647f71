/**
 * The path the page is served under, with a slash at the end: from the server's
 * `<base href>`. Vite's own server knows none and serves at the root.
 */
export const basePath = import.meta.env.DEV ? '/' : new URL('.', document.baseURI).pathname

/** An absolute address of this server, for commands to be copied. */
export function serverUrl(path: string): string {
  return new URL(path, new URL(basePath, location.href)).href
}

/**
 * The path the page is served under, with a slash at the end: the server's
 * `<base href>` where there is one, else the directory of the first address.
 */
export const basePath = new URL('.', document.baseURI).pathname

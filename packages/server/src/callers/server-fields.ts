const names: ReadonlySet<string> = new Set(["authorization", "cookie", "host", "proxy-authorization", "x-path-params"]);

/**
 * Tells whether a header field of a caller's request is meant for this server: its key, user token and cookies must reach no
 * upstream, whatever a connector declares as overridable. The connector's own value goes out in their place. Names in any case.
 */
export const isServerField = (name: string): boolean => names.has(name.toLowerCase()) || /^x-junctor-/i.test(name);

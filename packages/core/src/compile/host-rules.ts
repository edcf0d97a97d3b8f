/** Hosts a definition or a secret names: exact, `*.suffix`, or `*`. Ports may be named (`api.example:8443`). */
export interface HostRules {
  readonly any: boolean;
  readonly exact: ReadonlySet<string>;
  /** With the dot: `.crm.example`. */
  readonly suffixes: readonly string[];
}

/** Reads the `hosts` of a definition or of a secret. Names are compared without case and without a final dot. */
export function compileHostRules(hosts: readonly string[]): HostRules {
  const exact = new Set<string>();
  const suffixes: string[] = [];
  let any = false;
  for (const host of hosts) {
    const name = host.toLowerCase().replace(/\.$/, "");
    if (name === "*") any = true;
    else if (name.startsWith("*.")) suffixes.push(name.slice(1));
    else exact.add(name);
  }
  return Object.freeze({ any, exact, suffixes: Object.freeze(suffixes) });
}

/** Says whether a URL's host (`hostname`, with or without its port in `host`) is named. */
export function matchesHost(rules: HostRules, url: { readonly hostname: string; readonly host: string }): boolean {
  if (rules.any) return true;
  const hostname = url.hostname.replace(/\.$/, "");
  if (rules.exact.has(hostname) || rules.exact.has(url.host)) return true;
  return rules.suffixes.some((suffix) => hostname.length > suffix.length && hostname.endsWith(suffix));
}

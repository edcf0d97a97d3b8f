/**
 * Which package may import what. This table is the architecture; `architecture.test.ts` holds it against the code.
 * Levels go up only: a package imports from lower levels, so no cycle between packages is possible.
 */
export interface PackageRule {
  /** Our packages that it may import, by directory name. `types` allows `import type` only. */
  readonly internal: Readonly<Record<string, "any" | "types">>;
  /** Whether it may have npm dependencies; a list names the only ones. */
  readonly dependencies: "any" | readonly string[];
  /** Node built-in modules: all, none, or all but those listed. */
  readonly node: "any" | "none" | { readonly except: readonly string[] };
}

const noSockets = ["net", "tls", "http", "https", "http2", "dgram"];
const noFilesNoSockets = [...noSockets, "fs", "fs/promises"];

export const importTable: Readonly<Record<string, PackageRule>> = {
  sdk: { internal: {}, dependencies: [], node: "none" },
  jinja: { internal: {}, dependencies: [], node: "none" },
  egress: { internal: {}, dependencies: ["undici", "ipaddr.js"], node: "any" },
  contract: { internal: { sdk: "any" }, dependencies: [], node: "none" },
  core: {
    internal: { sdk: "any", contract: "any", jinja: "any", egress: "types" },
    dependencies: "any",
    node: { except: noSockets },
  },
  client: { internal: { contract: "types" }, dependencies: [], node: "none" },
  importers: {
    internal: { core: "any", sdk: "any", jinja: "any" },
    dependencies: "any",
    node: { except: noFilesNoSockets },
  },
  store: { internal: { core: "any" }, dependencies: "any", node: { except: noSockets } },
  server: {
    internal: { core: "any", contract: "any", egress: "any", importers: "any", store: "any" },
    dependencies: "any",
    node: "any",
  },
  cli: {
    internal: {
      sdk: "any",
      jinja: "any",
      egress: "any",
      contract: "any",
      core: "any",
      client: "any",
      importers: "any",
      store: "any",
      server: "any",
    },
    dependencies: "any",
    node: { except: ["dgram"] },
  },
};

/** Folders outside `packages/`: they use public entries of packages only. `connectors` use the SDK alone. */
export const outsideFolders: Readonly<Record<string, "any" | readonly string[]>> = {
  connectors: ["sdk"],
  examples: "any",
  bench: "any",
  test: "any",
  scripts: "any",
};

/**
 * The only modules that may open sockets, with the reason. Everything that a definition or a workspace causes goes
 * through egress; the others connect to, or listen at, addresses that the operator gave.
 */
export const socketModules: Readonly<Record<string, string>> = {
  "packages/egress/src/": "outbound traffic on behalf of definitions and workspaces, behind the policy",
  "packages/store/src/postgres/": "Postgres at the operator's DATABASE_URL",
  "packages/server/src/": "listens for callers; opens no outbound connection",
  "packages/client/src/": "runs at the caller's side and calls Junctor",
  "packages/cli/src/": "runs at the author's side: calls Junctor and receives its loopback redirect",
};

/** Modules and globals that open sockets. */
export const socketSpecifiers: readonly string[] = [
  ...noSockets.map((name) => `node:${name}`),
  "undici",
  "pg",
  "fastify",
  "ws",
];
export const socketGlobals: RegExp = /(?<![.\w])(?:fetch|WebSocket|EventSource)\s*\(/;

import type { Route } from "../route.ts";
import type { Scope } from "../scopes.ts";
import { keyWith, nameParameter } from "./parameters.ts";

/** The four routes of a named setting: list, read by listing, write, delete. */
function settingRoutes<Many extends string, One extends string>(
  many: Many,
  one: One,
  path: string,
  tag: string,
  scope: string,
) {
  const title = one.toLowerCase();
  const read = `${scope}:read` as Scope;
  const write = `${scope}:write` as Scope;
  return {
    list: {
      method: "GET",
      path,
      tag,
      summary: `List ${many.toLowerCase()}`,
      access: keyWith(read),
      answer: { status: 200, description: `Every ${title} of the workspace.`, schema: `${one}List` },
    },
    put: {
      method: "PUT",
      path: `${path}/{name}`,
      tag,
      summary: `Write a ${title}`,
      access: keyWith(write),
      parameters: { name: nameParameter },
      body: { schema: `${one}Put` },
      answer: { status: 200, description: `The ${title}.`, schema: one },
    },
    delete: {
      method: "DELETE",
      path: `${path}/{name}`,
      tag,
      summary: `Delete a ${title}`,
      access: keyWith(write),
      parameters: { name: nameParameter },
      answer: { status: 204, description: "It is gone." },
      errors: ["RESOURCE_UNKNOWN"],
    },
  } as const satisfies Readonly<Record<string, Omit<Route, "id">>>;
}

const issuers = settingRoutes("Issuers", "Issuer", "/v1/issuers", "Callers", "callers");
const policies = settingRoutes("Policies", "Policy", "/v1/policies", "Callers", "callers");
const repositories = settingRoutes("Repositories", "Repository", "/v1/repositories", "Repositories", "repositories");

/** Routes of who may call a workspace's connectors, of its cache, and of the repositories that define them. */
export const callerRoutes = {
  listIssuers: { ...issuers.list, id: "listIssuers" },
  putIssuer: { ...issuers.put, id: "putIssuer" },
  deleteIssuer: { ...issuers.delete, id: "deleteIssuer" },
  listPolicies: { ...policies.list, id: "listPolicies" },
  putPolicy: { ...policies.put, id: "putPolicy" },
  deletePolicy: { ...policies.delete, id: "deletePolicy" },
  getOrigins: {
    id: "getOrigins",
    method: "GET",
    path: "/v1/origins",
    tag: "Callers",
    summary: "Read the workspace's origins",
    access: keyWith("callers:read"),
    answer: { status: 200, description: "Pages whose users may call with a user token alone.", schema: "Origins" },
  },
  putOrigins: {
    id: "putOrigins",
    method: "PUT",
    path: "/v1/origins",
    tag: "Callers",
    summary: "Write the workspace's origins",
    access: keyWith("callers:write"),
    body: { schema: "Origins" },
    answer: { status: 200, description: "The origins.", schema: "Origins" },
  },
  purgeCache: {
    id: "purgeCache",
    method: "POST",
    path: "/v1/cache/purge",
    tag: "Callers",
    summary: "Drop kept upstream responses",
    description: "Effective on every replica within five seconds.",
    access: keyWith("connectors:write"),
    body: { schema: "CachePurge", required: false },
    answer: { status: 200, description: "What was dropped here.", schema: "CachePurged" },
  },
  listRepositories: { ...repositories.list, id: "listRepositories" },
  putRepository: { ...repositories.put, id: "putRepository" },
  deleteRepository: {
    ...repositories.delete,
    id: "deleteRepository",
    description: "Its connectors stay, unlocked: they may then be edited and deleted by hand.",
  },
  planRepository: {
    id: "planRepository",
    method: "POST",
    path: "/v1/repositories/{name}/plan",
    tag: "Repositories",
    summary: "Show what a synchronisation would do",
    access: keyWith("repositories:write"),
    parameters: { name: nameParameter },
    answer: { status: 200, description: "The plan; nothing was changed.", schema: "SyncResult" },
    errors: ["RESOURCE_UNKNOWN", "SYNC_FAILED"],
  },
  syncRepository: {
    id: "syncRepository",
    method: "POST",
    path: "/v1/repositories/{name}/sync",
    tag: "Repositories",
    summary: "Take over what the repository has",
    description:
      "All of it or nothing: one problem in one file leaves the workspace as it is, and so does a change of the repository meanwhile.",
    access: keyWith("repositories:write"),
    parameters: { name: nameParameter },
    answer: { status: 200, description: "What was done, or why nothing was.", schema: "SyncResult" },
    errors: ["RESOURCE_UNKNOWN", "SYNC_FAILED", "CONFLICT"],
  },
} as const satisfies Readonly<Record<string, Route>>;

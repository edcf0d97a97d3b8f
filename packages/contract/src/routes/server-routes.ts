import type { Route } from "../route.ts";
import { keyWith } from "./parameters.ts";

const tag = "Server";

/** Routes about the server itself. */
export const serverRoutes = {
  getHealth: {
    id: "getHealth",
    method: "GET",
    path: "/healthz",
    tag,
    summary: "Say that the process is alive",
    access: { kind: "public" },
    answer: { status: 200, description: "It is.", schema: "Health" },
  },
  getReadiness: {
    id: "getReadiness",
    method: "GET",
    path: "/readyz",
    tag,
    summary: "Say whether calls are accepted",
    description:
      "Asks the database. Answers 503 with a problem document while starting, stopping or without a database.",
    access: { kind: "public" },
    answer: { status: 200, description: "They are.", schema: "Readiness" },
  },
  getOpenApi: {
    id: "getOpenApi",
    method: "GET",
    path: "/openapi.json",
    tag,
    summary: "Read this document",
    access: { kind: "public" },
    answer: { status: 200, description: "OpenAPI 3.1.", schema: "OpenApiDocument" },
  },
  downloadBackup: {
    id: "downloadBackup",
    method: "POST",
    path: "/v1/backup",
    tag,
    summary: "Take a backup of the embedded store",
    description: "Calls go on meanwhile. On Postgres it is refused with CONFLICT: use the database's own tools there.",
    access: keyWith("admin"),
    answer: { status: 200, description: "A gzipped tar archive.", contentType: "application/gzip" },
    errors: ["CONFLICT"],
  },
  getMetrics: {
    id: "getMetrics",
    method: "GET",
    path: "/metrics",
    tag,
    summary: "Read metrics in the Prometheus text format",
    description: "Also served without a key on an address of its own, where the operator sets one.",
    access: keyWith("admin"),
    answer: { status: 200, description: "The metrics.", contentType: "text/plain" },
  },
} as const satisfies Readonly<Record<string, Route>>;

export { type TypedConnector, writeClientTypes } from "./client-types/write-client-types.ts";

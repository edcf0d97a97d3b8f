export type { QueryValue, WidgetMethod } from "./check-options.ts";
export {
  type ActionCall,
  type ActionOutput,
  type ActionTypes,
  type Client,
  type CompositeCall,
  createClient,
  type WidgetCall,
} from "./client.ts";
export { ClientError, type ClientErrorKind } from "./client-error.ts";
export type { CallOptions, ClientConfig, Result } from "./send.ts";

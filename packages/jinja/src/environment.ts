import { TemplateError } from "./errors.ts";
import type { Environment, EnvironmentOptions } from "./types.ts";

/** Creates an environment: the settings, limits and host functions that its templates share. */
export function createEnvironment(_options: EnvironmentOptions = {}): Environment {
  throw new TemplateError("NotImplementedError", "the engine is being built");
}

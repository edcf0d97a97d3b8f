export { type ErrorCode, type ErrorEntry, type ErrorStage, errorCatalogue } from "./errors.ts";
export type { Problem, ProblemDetail } from "./problem.ts";

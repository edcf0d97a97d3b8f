import type { DocsDraft } from "@junctor/importers";
import { CliFailure } from "./cli-failure.ts";
import { withProgress } from "./progress.ts";
import { readText } from "./read-file.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Has a language model draft a connector from documentation in words. The endpoint is the one that the person at the terminal
 * names; it is the only address that this command may reach, through egress like every other request.
 */
export const draftConnector = async (
  terminal: Terminal,
  path: string,
  flags: { readonly modelUrl?: string; readonly model?: string },
): Promise<DocsDraft & { readonly timeMs: number; readonly peakRssMb: number }> => {
  const { environment, signal } = terminal;
  const endpoint = flags.modelUrl ?? environment.JUNCTOR_MODEL_URL;
  const model = flags.model ?? environment.JUNCTOR_MODEL;
  const url = endpoint === undefined ? null : URL.parse(endpoint);
  if (endpoint === undefined || model === undefined || url === null) {
    throw new CliFailure("There is no language model", {
      kind: "usage",
      hint: "Give --model-url and --model, or set JUNCTOR_MODEL_URL and JUNCTOR_MODEL; a key goes into JUNCTOR_MODEL_KEY",
    });
  }
  const [{ createEgress }, { draftFromDocs }] = await Promise.all([
    import("@junctor/egress"),
    import("@junctor/importers"),
  ]);
  const port = url.port || (url.protocol === "http:" ? "80" : "443");
  const egress = createEgress({ allow: [`${url.hostname}:${port}`] });
  const key = environment.JUNCTOR_MODEL_KEY;
  const startedAt = performance.now();
  try {
    const text = await readText(terminal, path);
    const draft = await withProgress(terminal, `Asking ${model}`, () =>
      draftFromDocs(text, { http: egress, endpoint, model, signal, ...(key === undefined ? {} : { key }) }),
    );
    return { ...draft, timeMs: performance.now() - startedAt, peakRssMb: process.memoryUsage.rss() / 1e6 };
  } finally {
    await egress.close();
  }
};

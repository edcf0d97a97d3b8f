import type { TemplateUses } from "../templates/compiled-value.ts";
import { joinUses } from "../templates/template-uses.ts";
import type { AuthTemplates } from "./auth-method.ts";

/** Templates of one method that remember what they read, so that the method knows what its credential depends on. */
export interface RecordingTemplates extends AuthTemplates {
  uses(): TemplateUses;
}

/** Wraps the templates of a method. */
export function recordUses(templates: AuthTemplates): RecordingTemplates {
  const seen: TemplateUses[] = [];
  return {
    connector: templates.connector,
    imported: templates.imported,
    reads: (root) => templates.reads(root),
    allowsHost: (url) => templates.allowsHost(url),
    value(json, pointer, roots, encode) {
      const compiled = templates.value(json, pointer, roots, encode);
      seen.push(compiled.uses);
      return compiled;
    },
    uses: () => joinUses(seen),
  };
}

import { isTemplate } from "../definition/template-text.ts";
import type { TemplateSite } from "./template-site.ts";

/** Forms by which issuers make their credentials recognisable. */
const FORMS: readonly { readonly pattern: RegExp; readonly name: string }[] = [
  { pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/, name: "A private key" },
  { pattern: /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/, name: "A JSON Web Token" },
  { pattern: /\bgh[pousr]_[A-Za-z0-9]{30,}\b|\bgithub_pat_[A-Za-z0-9_]{30,}\b/, name: "A GitHub token" },
  { pattern: /\bglpat-[A-Za-z0-9_-]{20,}\b/, name: "A GitLab token" },
  { pattern: /\bxox[abprs]-[A-Za-z0-9-]{20,}\b/, name: "A Slack token" },
  { pattern: /\b(AKIA|ASIA)[A-Z0-9]{16}\b/, name: "An AWS access key" },
  { pattern: /\bAIza[A-Za-z0-9_-]{35}\b/, name: "A Google API key" },
  { pattern: /\b[rsp]k_(live|test)_[A-Za-z0-9]{20,}\b/, name: "A Stripe key" },
  { pattern: /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}\b/, name: "A SendGrid key" },
  { pattern: /^(Bearer|Basic|Token)\s+[A-Za-z0-9+/=._~-]{16,}$/i, name: "A credential" },
];

/** Settings whose literal value can only be a credential. */
const SECRET_SETTING = /\/(password|clientSecret|secretAccessKey|sessionToken|tokenSecret|consumerSecret|passphrase)$/;
const SECRET_NAME =
  /\/(authorization|x-api-key|api[-_]?key|x-auth-token|access[-_]?token|client[-_]?secret|password)$/i;

/** Says what kind of credential a literal looks like; undefined for everything else. */
export const looksLikeCredential = ({ source, pointer, part }: TemplateSite): string | undefined => {
  const known = FORMS.find(({ pattern }) => pattern.test(source));
  if (known !== undefined) return known.name;
  if (isTemplate(source) || source === "") return undefined;
  const inAuth = pointer.startsWith("/connection/auth/");
  if (inAuth && SECRET_SETTING.test(pointer)) return "A credential";
  if (inAuth && /\/auth\/\d+\/(token|value|key)$/.test(pointer) && looksRandom(source)) return "A credential";
  const named = part === "headers" || part === "query" || part === "body" || inAuth;
  return named && SECRET_NAME.test(pointer) && looksRandom(source) ? "A credential" : undefined;
};

/** Long, without blanks, letters and digits mixed: nobody writes that by hand. */
const looksRandom = (text: string): boolean =>
  text.length >= 16 && /^\S+$/.test(text) && /\d/.test(text) && /[A-Za-z]/.test(text);

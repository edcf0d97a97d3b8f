import { randomBytes } from "node:crypto";
import type { FastifyReply } from "fastify";
import { type Html, html } from "./html.ts";

/** A page with its title; `script` runs with a nonce, so that nothing else can. */
export interface Page {
  readonly title: string;
  readonly body: Html;
  readonly script?: string;
  /** Where the browser goes by itself. */
  readonly goTo?: string;
}

const style = `
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0;display:grid;place-items:center;min-height:100vh;background:Canvas;color:CanvasText}
main{box-sizing:border-box;width:min(30rem,100%);padding:2rem}
h1{font-size:1.4rem;margin:0 0 1rem}
label{display:block;font-weight:600;margin-top:1rem}
small{display:block;font-weight:400}
input,select{box-sizing:border-box;width:100%;padding:.5rem;font:inherit;margin-top:.25rem;border:1px solid GrayText;border-radius:.25rem}
button,.button{display:inline-block;margin-top:1.5rem;padding:.6rem 1.2rem;font:inherit;font-weight:600;border:0;border-radius:.25rem;background:#1d4ed8;color:#fff;text-decoration:none;cursor:pointer}
:focus-visible{outline:3px solid #f59e0b;outline-offset:2px}
.problem{border-left:4px solid #b91c1c;padding:.5rem 1rem;margin:1rem 0}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem}dt{font-weight:600}dd{margin:0}
`;

/**
 * Sends a page: plain HTML, readable without style and without script, never cached, never framed. Its only script, where it
 * has one, and its style carry a nonce that the policy names.
 */
export function sendPage(reply: FastifyReply, status: number, page: Page): FastifyReply {
  const nonce = randomBytes(16).toString("base64");
  const refresh = page.goTo === undefined ? null : html`<meta http-equiv="refresh" content="0;url=${page.goTo}">`;
  const script = page.script === undefined ? null : html`<script nonce="${nonce}">${{ html: page.script }}</script>`;
  const document = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex"><title>${page.title}</title>${refresh}<style nonce="${nonce}">${{ html: style }}</style></head>
<body><main>${page.body}</main>${script}</body></html>`;
  return reply
    .code(status)
    .header("content-type", "text/html; charset=utf-8")
    .header("cache-control", "no-store")
    .header("referrer-policy", "no-referrer")
    .header("x-content-type-options", "nosniff")
    .header("x-frame-options", "DENY")
    .header("cross-origin-opener-policy", "unsafe-none")
    .header(
      "content-security-policy",
      `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; form-action 'self'; ` +
        "base-uri 'none'; frame-ancestors 'none'",
    )
    .send(document.html);
}

import { assumeDefaults, extendPointer, type Finding, isShortForm, type Positions } from "@junctor/core";
import type { Egress } from "@junctor/egress";

/** Says whether the outbound policy lets a URL be called, without asking DNS. */
export type CheckUrl = Egress["checkUrl"];

interface Address {
  readonly pointer: string;
  readonly text: string;
}

/**
 * Holds the written addresses of a definition against the outbound policy: scheme, port, and literal hosts in whatever
 * spelling, those too that stand in for a variable that does not exist. What a host name resolves to is checked when it is called. In the short form a refused address is an error, as
 * it is where that form comes from; elsewhere a warning, because the same definition may be allowed by another operator.
 */
export function checkAddresses(document: unknown, positions: Positions, checkUrl: CheckUrl): readonly Finding[] {
  const short = isShortForm(document);
  const addresses = short ? listShort(document as ShortPart) : listCanonical(document as Canonical);
  return addresses.flatMap(({ pointer, text }): Finding[] => {
    const origin = /^[a-z][a-z0-9+.-]*:\/\/[^/?#{]+(?=[/?#]|$)/i.exec(text)?.[0];
    const check = origin === undefined ? undefined : checkUrl(nameLoopback(origin));
    if (check?.kind !== "refused") return [];
    const place = positions.find(pointer);
    return [
      {
        rule: "egress/refused",
        severity: short ? "error" : "warning",
        pointer,
        line: place?.line ?? null,
        column: place?.column ?? null,
        message: check.error.message,
        hint: check.error.hint ?? "Use an address that the operator's outbound policy allows",
      },
    ];
  });
}

/** `localhost` is this machine whatever DNS says (RFC 6761), so its address can be checked already. */
const nameLoopback = (origin: string): string =>
  origin.replace(/^(https?:\/\/)(?:[^:/]+\.)?localhost(?=[:/?#]|$)/i, (_all, scheme: string) => `${scheme}127.0.0.1`);

interface ShortPart {
  readonly url?: string;
  readonly steps?: readonly ShortPart[];
  readonly authentication?: { readonly config?: { readonly token_url?: string } };
}

function listShort(part: ShortPart, base = ""): readonly Address[] {
  const tokenUrl = part.authentication?.config?.token_url;
  return [
    ...(part.url === undefined ? [] : [{ pointer: `${base}/url`, text: assumeDefaults(part.url) }]),
    ...(tokenUrl === undefined ? [] : [{ pointer: `${base}/authentication/config/token_url`, text: tokenUrl }]),
    ...(part.steps ?? []).flatMap((step, index) => listShort(step, `${base}/steps/${index}`)),
  ];
}

interface Canonical {
  readonly baseUrl?: string | Readonly<Record<string, { readonly baseUrl: string }>>;
  readonly actions?: Readonly<Record<string, CanonicalPart & { readonly steps?: readonly CanonicalPart[] }>>;
  readonly connection?: { readonly auth?: readonly { readonly tokenUrl?: string }[] };
}
interface CanonicalPart {
  readonly request?: { readonly url?: string };
}

function listCanonical({ baseUrl, actions = {}, connection }: Canonical): readonly Address[] {
  const found: Address[] = [];
  const add = (pointer: string, text: string | undefined): void => {
    if (text !== undefined) found.push({ pointer, text });
  };
  if (typeof baseUrl === "string") add("/baseUrl", baseUrl);
  else
    for (const name of Object.keys(baseUrl ?? {}))
      add(extendPointer("/baseUrl", name, "baseUrl"), baseUrl?.[name]?.baseUrl);
  for (const [name, { request, steps = [] }] of Object.entries(actions)) {
    const pointer = extendPointer("/actions", name);
    add(`${pointer}/request/url`, request?.url);
    for (const [index, step] of steps.entries()) add(`${pointer}/steps/${index}/request/url`, step.request?.url);
  }
  for (const [index, { tokenUrl }] of (connection?.auth ?? []).entries()) {
    add(`/connection/auth/${index}/tokenUrl`, tokenUrl);
  }
  return found;
}

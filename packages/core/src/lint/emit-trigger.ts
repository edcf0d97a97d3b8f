import type { ConnectorDefinition, Trigger } from "@junctor/sdk";
import { listCertainNames, listDeclaredNames } from "../definition/declared-names.ts";
import { extendPointer } from "../definition/json-pointer.ts";
import { extendPlace, places } from "../templates/places.ts";
import { emitErrors, emitPagination, emitRequest } from "./emit-exchange.ts";
import { type Emit, own, ownerOf, type Scope, withoutUser } from "./emit-template.ts";

/** Takes all templates of a trigger. */
export const emitTrigger = (definition: ConnectorDefinition, name: string, trigger: Trigger, emit: Emit): void => {
  const pointer = extendPointer("/triggers", name);
  const owner = ownerOf(
    "trigger",
    name,
    listDeclaredNames(trigger.input, definition.$defs),
    listCertainNames(trigger.input, definition.$defs),
  );
  const scope: Scope = { owner, steps: null };
  const general = ["workspace", "call"];
  const request = withoutUser(places.request);
  const source = trigger.poll === undefined ? [] : ["response"];
  const event = own("event", [...general, "request", "item", "input", "subscription", ...source]);
  for (const part of ["items", "when", "dedupe", "event"] as const) {
    emit(trigger[part], `${pointer}/${part}`, part === "when" ? "condition" : "trigger", event, scope);
  }
  const { poll, webhook } = trigger;
  if (poll !== undefined) {
    const at = `${pointer}/poll`;
    if (poll.request !== undefined) {
      emitRequest(poll.request, `${at}/request`, extendPlace(request, ["cursor"]), emit, scope);
    }
    emitPagination(poll.pagination, `${at}/pagination`, emit, scope);
    emitErrors(poll.errors, `${at}/errors`, emit, scope);
    emit(poll.items, `${at}/items`, "trigger", own("poll", [...general, "response", "input"]), scope);
    const cursor = own("poll", [...general, "items", "response", "cursor", "input"]);
    emit(poll.cursor, `${at}/cursor`, "trigger", cursor, scope);
    emit(poll.initialCursor, `${at}/initialCursor`, "trigger", own("poll", [...general, "input", "connection"]), scope);
  }
  if (webhook === undefined) return;
  const at = `${pointer}/webhook`;
  for (const part of ["subscribe", "renew", "unsubscribe"] as const) {
    const spec = webhook[part]?.request;
    const place = extendPlace(request, ["webhook", "subscription"]);
    if (spec !== undefined) emitRequest(spec, `${at}/${part}/request`, place, emit, scope);
  }
  const answer = own("webhook", [...general, "response", "input", "subscription"]);
  emit(webhook.subscription, `${at}/subscription`, "trigger", answer, scope);
  emit(webhook.expiresAt, `${at}/expiresAt`, "trigger", answer, scope);
  const inbound = own("webhook", [...event.roots, "connection"], "shown");
  emit(webhook.verify, `${at}/verify`, "trigger", inbound, scope);
  emit(webhook.route, `${at}/route`, "trigger", inbound, scope);
  emit(webhook.challenge?.when, `${at}/challenge/when`, "condition", event, scope);
  emit(webhook.challenge?.response, `${at}/challenge/response`, "trigger", event, scope);
  emit(webhook.response, `${at}/response`, "trigger", event, scope);
};

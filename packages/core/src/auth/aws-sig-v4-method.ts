import { authMethodId } from "@junctor/sdk";
import { ConnectorError } from "../errors/connector-error.ts";
import type { CompiledValue } from "../templates/compiled-value.ts";
import { renderValue } from "../templates/render-value.ts";
import type { AuthMethodCompiler, AuthSession } from "./auth-method.ts";
import { signSigV4 } from "./aws-sig-v4.ts";
import { createFixedMethod } from "./fixed-method.ts";
import { type OutgoingRequest, setHeader } from "./outgoing-request.ts";
import { recordUses } from "./record-uses.ts";
import { bodyBytes } from "./request-body.ts";

/** Compiles `awsSigV4`: signs each attempt after its body is rendered. */
export const awsSigV4Compiler: AuthMethodCompiler = {
  type: "awsSigV4",
  compile(definition, given) {
    if (definition.type !== "awsSigV4") throw new TypeError("not an awsSigV4 definition");
    const templates = recordUses(given);
    const value = (name: "accessKeyId" | "secretAccessKey" | "region" | "service") =>
      templates.value(definition[name], `/${name}`);
    const settings = {
      accessKeyId: value("accessKeyId"),
      secretAccessKey: value("secretAccessKey"),
      region: value("region"),
      service: value("service"),
    };
    const token =
      definition.sessionToken === undefined ? null : templates.value(definition.sessionToken, "/sessionToken");
    return createFixedMethod({
      type: definition.type,
      name: authMethodId(definition),
      uses: templates.uses(),
      needsBody: true,
      apply(request: OutgoingRequest, session: AuthSession): undefined {
        const text = (name: keyof typeof settings) => requireText(settings[name], name, session);
        const secretAccessKey = text("secretAccessKey");
        session.redact(secretAccessKey);
        const sessionToken = token === null ? undefined : renderValue(token, session.scope);
        if (typeof sessionToken === "string") session.redact(sessionToken);
        const url = new URL(request.url);
        const signed = signSigV4(
          {
            method: request.method,
            path: url.pathname,
            query: [...url.searchParams],
            headers: [...headerPairs(request), ["host", url.host]],
            body: bodyBytes(request),
          },
          {
            accessKeyId: text("accessKeyId"),
            secretAccessKey,
            ...(typeof sessionToken === "string" && sessionToken !== "" && { sessionToken }),
            region: text("region"),
            service: text("service"),
            date: new Date(session.clock.now()),
          },
        );
        for (const [name, value] of signed) setHeader(request, name, value);
      },
    });
  },
};

/** Lists the headers of a request as pairs, without a `host`, which the transport sets from the URL. */
function headerPairs(request: OutgoingRequest): (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  for (let index = 0; index < request.headers.length; index += 2) {
    const name = request.headers[index] ?? "";
    if (name.toLowerCase() !== "host") pairs.push([name, request.headers[index + 1] ?? ""]);
  }
  return pairs;
}

function requireText(value: CompiledValue, name: string, session: AuthSession): string {
  const rendered = renderValue(value, session.scope);
  if (typeof rendered === "string" && rendered !== "") return rendered;
  throw new ConnectorError("SIGNING_FAILED", `The signature's ${name} is absent.`, {
    hint: `Fill in the connection's parameter that ${name} is made of.`,
  });
}

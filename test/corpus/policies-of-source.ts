import type { Routing } from "./mock-api.ts";
import { list, type SourceOperation, type Tree, tree } from "./read-source.ts";

/** What the policies of a Power-Platform connector change about an operation, read without the importer. */
export function routingOf(properties: unknown, source: SourceOperation): Routing | undefined {
  const paths: string[] = [];
  let method: string | undefined;
  let anyHost = false;
  let openQuery = false;
  let openBody = false;
  let isTouched = false;
  for (const instance of list(tree(properties).policyTemplateInstances).map(tree)) {
    const parameters = tree(instance.parameters);
    const operations = list(member(parameters, "operationName"));
    if (operations.length > 0 && !operations.includes(source.operation.operationId)) continue;
    isTouched = true;
    const template = String(instance.templateId).toLowerCase();
    if (template === "routerequesttoendpoint") {
      paths.push(String(member(parameters, "newPath") ?? "").replaceAll(/@\{?@?\w+\([^)]*\)\}?/g, "{value}"));
      const wanted = String(member(parameters, "httpMethod") ?? "");
      if (/^[a-z]+$/i.test(wanted)) method = wanted;
    } else if (template === "dynamichosturl" || template === "dynamicsubdomain") anyHost = true;
    else if (template === "setheader" || template === "setqueryparameter") openQuery = true;
    else if (template === "pollingtrigger" || template === "updatenextlink") continue;
    else openBody = true;
  }
  if (!isTouched) return undefined;
  return { paths, ...(method === undefined ? {} : { method }), anyHost, openQuery, openBody };
}

const member = (parameters: Tree, name: string): unknown =>
  Object.entries(parameters).find(([key]) => key.endsWith(name))?.[1];

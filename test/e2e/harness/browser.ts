/** A page as a browser without script sees it. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly text: string;
}

/** A browser without script: it keeps cookies per origin, follows redirects and refreshes, and submits forms. */
export interface Browser {
  open(url: string): Promise<Page>;
  /** Submits the page's form with its hidden fields and what is filled in. */
  submit(page: Page, fields?: Readonly<Record<string, string>>): Promise<Page>;
}

const maxHops = 15;

/** Starts a browser with no cookies. */
export function startBrowser(): Browser {
  const jar = new Map<string, Map<string, string>>();

  async function visit(url: string, init: RequestInit, hops: number): Promise<Page> {
    if (hops > maxHops) throw new Error(`Too many redirects, at ${url}`);
    const { origin } = new URL(url);
    const cookies = [...(jar.get(origin) ?? [])].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, { ...init, redirect: "manual", headers: { ...init.headers, cookie: cookies } });
    keepCookies(jar, origin, response.headers.getSetCookie());
    const text = await response.text();
    const location = response.headers.get("location");
    if (location !== null && response.status >= 300 && response.status < 400) {
      return visit(new URL(location, url).href, {}, hops + 1);
    }
    const refresh = /<meta http-equiv="refresh" content="0;url=([^"]+)"/i.exec(text)?.[1];
    if (refresh !== undefined) return visit(new URL(unescapeHtml(refresh), url).href, {}, hops + 1);
    return { url, status: response.status, text };
  }

  return {
    open: (url) => visit(url, {}, 0),
    submit(page, fields = {}) {
      const form = /<form[^>]*>[\s\S]*?<\/form>/i.exec(page.text)?.[0];
      if (form === undefined) throw new Error(`There is no form at ${page.url}: ${page.text.slice(0, 500)}`);
      const action = /<form[^>]*\baction="([^"]*)"/i.exec(form)?.[1];
      const hidden = [...form.matchAll(/<input\b[^>]*>/gi)].flatMap(([input]) => {
        const name = /\bname="([^"]*)"/i.exec(input)?.[1];
        const value = /\bvalue="([^"]*)"/i.exec(input)?.[1];
        return name === undefined || value === undefined ? [] : [[name, unescapeHtml(value)]];
      });
      const body = new URLSearchParams({ ...Object.fromEntries(hidden), ...fields });
      const target = new URL(action === undefined ? page.url : unescapeHtml(action), page.url).href;
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      return visit(target, { method: "POST", body: body.toString(), headers }, 0);
    },
  };
}

function keepCookies(jar: Map<string, Map<string, string>>, origin: string, lines: readonly string[]): void {
  const cookies = jar.get(origin) ?? new Map<string, string>();
  jar.set(origin, cookies);
  for (const line of lines) {
    const [pair = ""] = line.split(";", 1);
    const equals = pair.indexOf("=");
    const isOver = /expires=Thu, 01 Jan 1970/i.test(line);
    if (isOver) cookies.delete(pair.slice(0, equals));
    else cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
}

function unescapeHtml(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))).replaceAll("&amp;", "&");
}

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findFreePort } from "../harness/free-port.ts";
import { CORES, type Cores, type Running, startProcess } from "../harness/processes.ts";
import { findTool } from "../harness/tools.ts";
import { UPSTREAM_ANSWER, UPSTREAM_CLIENT, UPSTREAM_TOKEN } from "./payload.ts";

/** Starts nginx as an upstream: the same kilobyte of JSON for every request, on the core of the load. */
export async function startNginxUpstream(folder: string): Promise<Running> {
  const port = await findFreePort();
  const root = join(folder, `upstream-${port}`);
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, "answer.json"), UPSTREAM_ANSWER);
  // nginx answers a POST to a file with 405 unless it is told otherwise.
  const server = `
    types { application/json json; }
    sendfile on;
    tcp_nopush on;
    open_file_cache max=10;
    server {
      listen 127.0.0.1:${port} backlog=1024;
      root ${root};
      error_page 405 =200 /answer.json;
      location / { try_files /answer.json =404; }
    }`;
  return await startNginx({ name: "nginx upstream", folder, port, core: CORES.others, server });
}

/** Starts nginx as the proxy that everything is compared with: kept-alive upstream, two headers added, no access log. */
export async function startNginxProxy(folder: string, upstreamPort: number): Promise<Running> {
  const port = await findFreePort();
  const server = `
    upstream backend { server 127.0.0.1:${upstreamPort}; keepalive 64; keepalive_requests 1000000; }
    server {
      listen 127.0.0.1:${port} backlog=1024;
      location / {
        proxy_pass http://backend/;
        proxy_http_version 1.1;
        # The call of the gateway is a POST with a small body; the upstream's operation is a GET without one.
        proxy_method GET;
        proxy_pass_request_body off;
        proxy_set_header Content-Length "";
        proxy_set_header Content-Type "";
        proxy_set_header Connection "";
        proxy_set_header Authorization "Bearer ${UPSTREAM_TOKEN}";
        proxy_set_header X-Client "${UPSTREAM_CLIENT}";
      }
    }`;
  return await startNginx({ name: "nginx proxy_pass", folder, port, core: CORES.server, server });
}

interface NginxStart {
  readonly name: string;
  readonly folder: string;
  readonly port: number;
  readonly core: Cores;
  readonly server: string;
}

/** One process in the foreground, so that its CPU time is that of the process that was started. */
async function startNginx({ name, folder, port, core, server }: NginxStart): Promise<Running> {
  const tool = findTool("nginx");
  if ("missing" in tool) throw new Error(tool.missing);
  const home = join(folder, `nginx-${port}`);
  mkdirSync(home, { recursive: true });
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `${kind}_temp_path ${home}/${kind};`)
    .join(" ");
  const config = `
    daemon off;
    master_process off;
    pid ${home}/nginx.pid;
    error_log ${home}/error.log warn;
    events { worker_connections 2048; }
    http {
      access_log off;
      keepalive_timeout 300s;
      keepalive_requests 10000000;
      ${temporary}
      ${server}
    }`;
  const path = join(home, "nginx.conf");
  writeFileSync(path, config);
  return await startProcess({ name, command: [tool.path, "-p", home, "-c", path], core, port });
}

# The server in a container. Its settings are environment variables (docs/reference/configuration.md).
#
#   docker build -t junctor .
#   docker run -p 4000:4000 -v junctor-data:/data -e JUNCTOR_MASTER_KEY="$(openssl rand -base64 32)" junctor
FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY packages ./packages
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24.21.0-bookworm-slim
WORKDIR /app
COPY --from=dependencies /app ./
COPY LICENSE ./
RUN install --directory --owner=node --group=node --mode=0700 /data
USER node
ENV NODE_ENV=production JUNCTOR_HOST=0.0.0.0 JUNCTOR_PORT=4000 JUNCTOR_DATA_DIR=/data
VOLUME ["/data"]
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4000/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
CMD ["node", "--conditions=source", "packages/cli/src/main.ts", "serve"]

# One image per process: docker build -f docker/worker.Dockerfile --build-arg APP=stt-worker .
FROM node:24-slim AS build
ARG APP
WORKDIR /src
RUN npm install --global pnpm@10.34.9
COPY . .
RUN pnpm install --frozen-lockfile --filter "@hearth/${APP}..." --filter hearth
RUN pnpm exec tsc -b "apps/${APP}"
RUN pnpm --filter "@hearth/${APP}" deploy --prod --legacy /out

FROM node:24-slim
ENV NODE_ENV=production LOG_FORMAT=json HEARTH_DATA_DIR=/data
WORKDIR /app
COPY --from=build --chown=node:node /out .
RUN mkdir /data && chown node:node /data
USER node
# Without the flag each process keeps some 10 MB for young objects that it does not need.
ENTRYPOINT ["node", "--max-semi-space-size=1", "dist/main.js"]
CMD ["serve"]
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["node", "dist/main.js", "status"]

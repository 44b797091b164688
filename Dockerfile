FROM node:24.21.0-trixie AS build
WORKDIR /source
# The version in package.json.
RUN npm install --global pnpm@12.21.0
COPY . .
RUN pnpm install --frozen-lockfile --filter=gitmsg... \
 && pnpm --filter=gitmsg... run build \
 && pnpm --config.inject-workspace-packages=true --filter=gitmsg deploy --prod /app

FROM node:24.21.0-trixie-slim
LABEL org.opencontainers.image.title="gitmsg" \
      org.opencontainers.image.description="A messaging service whose history is a Git repository" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.source="https://github.com/gitmsg/gitmsg" \
      org.opencontainers.image.documentation="https://github.com/gitmsg/gitmsg/blob/main/docs/deploy.md"
# Debian removes a version when it has a fixed one, so a pinned version would soon be missing.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates git openssh-client tini \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /app /app
RUN ln --symbolic /app/dist/main.js /usr/local/bin/gitmsg \
 && install --directory --mode=0700 --owner=1000 --group=1000 /data
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    GITMSG_DATA_DIR=/data \
    GITMSG_TOKENS_FILE=/data/tokens.json
# The user node of the base image, by number, as Kubernetes requires it for runAsNonRoot.
USER 1000:1000
WORKDIR /data
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --start-interval=1s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# tini removes the ended children of git, which Node.js as process 1 would leave as zombies.
ENTRYPOINT ["tini", "--", "gitmsg"]
CMD ["serve"]

# The page, then the binary with the page inside, then an image with nothing
# but the binary. Builds with BuildKit (`docker build`, `docker compose build`).

FROM node:20-bookworm-slim AS page
WORKDIR /build/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY frontend/ ./
RUN npm run build

FROM rust:1.95-bookworm AS server
WORKDIR /build
COPY Cargo.toml Cargo.lock ./
COPY benches/ benches/
COPY migrations/ migrations/
COPY src/ src/
COPY --from=page /build/frontend/dist/ frontend/dist/
# What the caches hold is not part of the layer, so the binary is copied out.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --release --locked --bin schedule-server \
    && install -m 0755 target/release/schedule-server /usr/local/bin/schedule-server

# The same Debian as above, so the same libc.
FROM debian:bookworm-slim
# The server checks targets against the system's certificates and does not
# start without any.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 schedule \
    && useradd --system --uid 10001 --gid schedule --home-dir /data --shell /usr/sbin/nologin schedule \
    && install -d -o schedule -g schedule -m 0700 /data
COPY --from=server /usr/local/bin/schedule-server /usr/local/bin/schedule-server
COPY LICENSE /usr/share/doc/schedule-server/LICENSE

# `healthcheck` reads BIND too: change it here or by -e, not as a flag.
ENV BIND=0.0.0.0:8000 \
    DATABASE_URL=sqlite:///data/schedule.db
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 \
    CMD ["schedule-server", "healthcheck"]
ENTRYPOINT ["schedule-server"]
CMD ["serve"]

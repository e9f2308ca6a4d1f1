FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY .editorconfig Directory.Build.props Directory.Packages.props global.json ./
COPY .config .config
COPY src src
# Native code needs a linker, and is made for the processor that the image is built on.
RUN apt-get update && apt-get install -y --no-install-recommends clang && rm -rf /var/lib/apt/lists/*
RUN dotnet publish src/SmtpProxy.Host -p:PublishProfile=native -r "linux-$(dpkg --print-architecture | sed s/amd64/x64/)" -o /app

# No runtime is needed any more, only what it stands on: the C library, OpenSSL, certificates.
FROM mcr.microsoft.com/dotnet/runtime-deps:10.0
WORKDIR /app
COPY --from=build /app .
# The SQLite store needs a place that the user may write to; keep it on a volume.
RUN mkdir -p /var/lib/smtpproxy && chown "$APP_UID" /var/lib/smtpproxy
VOLUME /var/lib/smtpproxy
WORKDIR /var/lib/smtpproxy
USER $APP_UID
EXPOSE 2525 8025
ENTRYPOINT ["/app/smtpproxy"]
CMD ["run", "--config", "/etc/smtpproxy/smtpproxy.json"]

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY .editorconfig Directory.Build.props Directory.Packages.props global.json ./
COPY .config .config
COPY src src
RUN dotnet publish src/SmtpProxy.Host -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
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

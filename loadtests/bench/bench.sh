#!/usr/bin/env bash
# Measures SmtpProxy beside HAProxy and nginx on this machine; see README.md.
#
#   bash loadtests/bench/bench.sh [options of bench.py]
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PATH:/usr/sbin:/sbin"

missing=""
for need in haproxy:haproxy nginx:nginx smtp-source:postfix python3:python3; do
    command -v "${need%%:*}" > /dev/null || missing="$missing ${need##*:}"
done
for module in stream mail; do
    [ -e "/usr/lib/nginx/modules/ngx_${module}_module.so" ] || missing="$missing libnginx-mod-$module"
done
if [ -n "$missing" ]; then
    echo "Install first: apt-get install --no-install-recommends$missing" >&2
    exit 69
fi

program="src/SmtpProxy.Host/bin/Release/net10.0/SmtpProxy.Host.dll"
[ -e "$program" ] || dotnet build -c Release src/SmtpProxy.Host
exec python3 loadtests/bench/bench.py --program "$program" "$@"

#!/usr/bin/env bash
# Builds the solution and runs every test project, the fast ones first.
#
#   bash tests/run.sh             all projects
#   bash tests/run.sh Protocol    those whose name holds "Protocol"
#
# Installs through apt-get what the tests need and the machine lacks. The last line is "N passed, N failed"; exit 1 when anything failed.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PATH:/usr/sbin:/sbin" DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
filter="${1:-}"

reports="$(mktemp -d)"
policy=""
clean_up() {
    rm -rf "$reports"
    [ -z "$policy" ] || $sudo rm -f "$policy"
}
trap clean_up EXIT

sudo=""
if [ "$(id -u)" -ne 0 ] && command -v sudo > /dev/null; then
    sudo="sudo"
fi

give_up() {
    echo "$1" >&2
    echo "0 passed, 1 failed"
    exit 1
}

# Command and the package that brings it.
needs="etcd:etcd-server postfix:postfix smtp-source:postfix swaks:swaks openssl:openssl haproxy:haproxy msmtp:msmtp saslpasswd2:sasl2-bin strace:strace clang:clang"

missing=""
for need in $needs; do
    command -v "${need%%:*}" > /dev/null || missing="$missing ${need##*:}"
done

# What swaks needs for TLS, and only recommends.
perl -MNet::SSLeay -e 1 2> /dev/null || missing="$missing libnet-ssleay-perl"

# The mechanisms of Cyrus SASL for Postfix, and what swaks needs for CRAM-MD5.
[ -n "$(find /usr/lib -name 'libplain.so' -path '*sasl2*' 2> /dev/null)" ] || missing="$missing libsasl2-modules"
perl -MDigest::HMAC_MD5 -e 1 2> /dev/null || missing="$missing libdigest-hmac-perl"

if [ -n "$missing" ]; then
    echo "Installing:$missing"
    export DEBIAN_FRONTEND=noninteractive
    # The tests start their own instances; the packages must not start theirs.
    if [ ! -e /usr/sbin/policy-rc.d ]; then
        policy=/usr/sbin/policy-rc.d
        printf '#!/bin/sh\nexit 101\n' | $sudo tee "$policy" > /dev/null && $sudo chmod 755 "$policy"
    fi
    $sudo apt-get update -qq || echo "apt-get update failed; going on with the lists at hand." >&2
    # shellcheck disable=SC2086
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing > "$reports/apt.log" 2>&1 \
        || { tail -20 "$reports/apt.log" >&2; give_up "apt-get install$missing failed."; }
    [ -z "$policy" ] || $sudo rm -f "$policy"
    policy=""
fi

dotnet build -c Release SmtpProxy.sln || give_up "The build failed."
dotnet format whitespace SmtpProxy.sln --no-restore --verify-no-changes || give_up "The formatting differs: run 'dotnet format whitespace SmtpProxy.sln'."

# Fast projects first; a project that is not named here comes last.
projects=""
for name in SmtpProxy.Protocol.Tests SmtpProxy.ArchitectureTests SmtpProxy.Tests SmtpProxy.FunctionalTests SmtpProxy.IntegrationTests; do
    [ -d "tests/$name" ] && projects="$projects $name"
done
for file in tests/*/*.csproj; do
    name="$(basename "$file" .csproj)"
    grep -q '<IsTestProject>true' "$file" && case " $projects " in *" $name "*) ;; *) projects="$projects $name" ;; esac
done

# attribute REPORT NAME: sum of an attribute over the assemblies of a report.
attribute() {
    grep -o '<assembly [^>]*>' "$1" | sed -n "s/.* $2=\"\([0-9]*\)\".*/\1/p" | awk '{ sum += $1 } END { print sum + 0 }'
}

passed=0
failed=0
summary=""
for name in $projects; do
    case "$name" in *"$filter"*) ;; *) continue ;; esac
    echo
    echo "== $name"
    report="$reports/$name.xml"
    # A test that hangs must not hang the whole run.
    timeout --kill-after=30 2400 "tests/$name/bin/Release/net10.0/$name" -noLogo -noColor -result-xml "$report" < /dev/null
    code=$?
    if [ -s "$report" ]; then
        ok="$(attribute "$report" passed)"
        bad=$(($(attribute "$report" failed) + $(attribute "$report" errors)))
        skipped=$(($(attribute "$report" skipped) + $(attribute "$report" not-run)))
    else
        ok=0 bad=0 skipped=0
    fi
    # A crash leaves no report, or one that knows nothing of it. No test at all: there is nothing to fail yet (exit code 8).
    if [ "$code" -ne 0 ] && [ "$bad" -eq 0 ] && ! { [ -s "$report" ] && [ "$ok" -eq 0 ] && [ "$skipped" -eq 0 ]; }; then
        echo "$name ended with exit code $code." >&2
        bad=1
    fi
    passed=$((passed + ok))
    failed=$((failed + bad))
    summary="$summary$name: $ok passed, $bad failed, $skipped skipped
"
done

[ -n "$summary" ] || give_up "No test project's name holds \"$filter\"."
echo
printf '%s' "$summary" | sed 's/: / - /'
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

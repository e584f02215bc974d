#!/bin/sh
# Run by dpkg (remove, upgrade…) and rpm (1 at an upgrade, 0 at the removal) before files go. A removed program records no more: it is ended,
# which finishes a running recording. At an upgrade it goes on until the next login.
set -e

case ${1:-} in
  remove | 0) ;;
  *) exit 0 ;;
esac

running() {
  for process in /proc/[0-9]*; do
    case $(readlink "$process/exe" 2> /dev/null) in
      # The second is what an upgrade has replaced.
      /opt/screen-recording-service/screen-recording-service | '/opt/screen-recording-service/screen-recording-service (deleted)') ;;
      *) continue ;;
    esac
    # Chromium's helper processes end with it.
    tr '\0' ' ' < "$process/cmdline" 2> /dev/null | grep -q -e ' --type=' || echo "${process#/proc/}"
  done
}

for pid in $(running); do kill -TERM "$pid" 2> /dev/null || true; done
waited=0
while [ -n "$(running)" ] && [ "$waited" -lt 20 ]; do
  sleep 1
  waited=$((waited + 1))
done

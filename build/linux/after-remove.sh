#!/bin/sh
# Run by dpkg (remove, purge, upgrade…) and rpm (1 at an upgrade, 0 at the removal) when files have gone. A removal leaves the configuration
# and the recordings that no server has yet; dpkg's purge takes both.
set -e

remove() {
  if [ -L '/opt/Screen Recording Service' ]; then rm -f '/opt/Screen Recording Service'; fi
  rm -f /opt/screen-recording-service/.moved
  profile=/etc/apparmor.d/screen-recording-service
  if [ -f "$profile" ]; then
    if [ -d /sys/kernel/security/apparmor ] && command -v apparmor_parser > /dev/null; then apparmor_parser --remove "$profile" || true; fi
    rm -f "$profile"
  fi
}

# As each user, who may have put links where his folders were.
purge() {
  rm -rf /etc/screen-recording-service
  for home in /root /home/* /home/*/*; do
    data=$home/.local/share/screen-recording-service
    entry=$home/.config/autostart/screen-recording-service.desktop
    [ -d "$data" ] || [ -f "$entry" ] || continue
    runuser -u "$(stat -c %U "$home")" -- rm -rf "$data" "$entry" || true
  done
}

case ${1:-} in
  remove | 0) remove ;;
  purge) purge ;;
esac

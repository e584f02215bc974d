#!/bin/sh
# Run by dpkg and rpm after an installation and an upgrade; by rpm also when the files of the old version have gone.
set -e

program=/opt/screen-recording-service

# Chromium's sandbox for systems that forbid user namespaces to ordinary users.
chmod 4755 "$program/chrome-sandbox"

# The old folder (before-install.sh). The program writes its users' entries anew when it is started.
if [ -e "$program/.moved" ] && [ ! -e '/opt/Screen Recording Service' ]; then
  ln -s screen-recording-service '/opt/Screen Recording Service'
  rm -f "$program/.moved"
fi

# Where AppArmor forbids user namespaces to programs it does not know (Ubuntu 24.04 and newer). Older ones cannot read this profile.
profile=/etc/apparmor.d/screen-recording-service
if command -v apparmor_parser > /dev/null && apparmor_parser --skip-kernel-load "$program/resources/apparmor-profile" > /dev/null 2>&1; then
  cp -f "$program/resources/apparmor-profile" "$profile"
  # There is nothing to load in a folder that a system is being put together in.
  if [ -d /sys/kernel/security/apparmor ] && ! { command -v ischroot > /dev/null && ischroot; }; then
    apparmor_parser --replace --write-cache --skip-read-cache "$profile" || true
  fi
fi

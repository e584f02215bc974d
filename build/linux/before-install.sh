#!/bin/sh
# Run by dpkg and rpm before an installation and an upgrade. Up to 1.0 the program lay in a folder with a blank in its name, and the entries
# that users have kept for the start at login name it. after-install.sh puts a link there, but only where such entries can be.
set -e

if [ -d '/opt/Screen Recording Service' ] && [ ! -L '/opt/Screen Recording Service' ]; then
  mkdir -p /opt/screen-recording-service
  touch /opt/screen-recording-service/.moved
fi

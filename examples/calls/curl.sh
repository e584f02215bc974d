#!/bin/sh
# The calls of an agent desktop: login, poll, logout.
#   SRS=http://127.0.0.1:8080 ORIGIN=https://desktop.example.com SRS_USER=agent SRS_PASSWORD=… sh curl.sh
# The password goes to curl by a configuration on stdin: on the command line every user of the computer could read it.
set -eu

# In curl's configuration a backslash and a quotation mark stand behind a backslash.
credentials() {
  printf 'user = "%s"\n' "$(printf '%s:%s' "$SRS_USER" "$SRS_PASSWORD" | sed 's/[\\"]/\\&/g')"
}

# call METHOD PATH [curl's arguments]: prints the body, fails with it when the status is not 2xx
call() {
  method=$1 path=$2
  shift 2
  credentials | curl --silent --show-error --fail-with-body --config - --header "Origin: $ORIGIN" --request "$method" "$@" "$SRS$path"
  echo
}

curl --silent --show-error --fail-with-body "$SRS/version"
echo

# Every parameter is optional: what is left out is as the service is configured.
call POST /api/v2/me --header 'Content-Type: application/json' \
  --data '[{"name": "place", "value": "Place 7"}, {"name": "devices", "value": [{"dn": "7001", "switch": "Switch"}]}]'

# From the first poll on: at least once a minute, every 20 s is right.
call GET /ping

call POST /api/v2/me --header 'Content-Type: application/json' --data '{"operationName": "EndContactCenterSession"}'

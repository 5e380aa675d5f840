#!/bin/sh
# preStop: hands the role of primary over before this pod ends, so that nobody waits for a failure to be noticed.
. "${SCRIPTS:-/scripts}/common.sh"
host="${LISTEN:-127.0.0.1}"
[ "$(info "$host" role)" = master ] || exit 0
for sentinel in $(pods "$SENTINEL_NAME" "$SENTINELS"); do
  [ "$(cli "$sentinel" "$SENTINEL_PORT" sentinel failover "$PRIMARY_NAME")" = OK ] && break
done
tries=0
while [ "$tries" -lt 20 ] && [ "$(info "$host" role)" = master ]; do
  sleep 1
  tries=$((tries + 1))
done
exit 0

#!/bin/sh
# Starts a sentinel. Its state file must be writable; it survives a restart of the container, and is rebuilt in a new pod.
set -eu
umask 077
. "${SCRIPTS:-/scripts}/common.sh"
DATA="${DATA:-/data}"
conf="$DATA/sentinel.conf"

if [ -s "$conf" ]; then
  # Keep what it learnt (epochs, replicas, sentinels), but take the password anew.
  grep -Ev '^(requirepass|sentinel (auth-pass|sentinel-pass)|user default) ?' "$conf" > "$conf.new" || true
else
  waited=0
  while :; do
    primary=$(primary_by_sentinels)
    [ -n "$primary" ] || primary=$(primary_by_peers)
    # No sentinel and no primary for 20 seconds: monitor the one that the replicas follow, and replace it. Not later: the
    # sentinels refuse replicas whose link has been down for more than ten times down-after-milliseconds.
    if [ -z "$primary" ] && [ "$waited" -ge 20 ]; then
      for host in $(pods "$NAME" "$REPLICAS"); do
        primary=$(info "$host" master_host)
        [ -n "$primary" ] && break
      done
    fi
    [ -n "$primary" ] && break
    say "no primary yet"
    sleep 2
    waited=$((waited + 2))
  done
  say "monitoring $primary"
  {
    # A new pod of the same name is the same sentinel: the others replace their entry instead of counting one more.
    echo "sentinel myid $(printf '%s' "$SELF" | sha1sum | cut -c 1-40)"
    echo "port $SENTINEL_PORT"
    echo "bind ${LISTEN:-* -::*}"
    echo "dir $DATA"
    # These two come before every host name.
    echo "sentinel resolve-hostnames yes"
    echo "sentinel announce-hostnames yes"
    echo "sentinel announce-ip $SELF"
    echo "sentinel announce-port $SENTINEL_PORT"
    echo "sentinel monitor $PRIMARY_NAME $primary $REDIS_PORT ${QUORUM:-$((SENTINELS / 2 + 1))}"
    echo "sentinel down-after-milliseconds $PRIMARY_NAME ${DOWN_AFTER_MS:-5000}"
    echo "sentinel failover-timeout $PRIMARY_NAME ${FAILOVER_TIMEOUT_MS:-30000}"
    echo "sentinel parallel-syncs $PRIMARY_NAME 1"
    # Replicas are learnt from the primary; when it is gone, from here.
    for host in $(pods "$NAME" "$REPLICAS"); do
      if [ "$host" != "$primary" ] && [ "$(info "$host" role)" = slave ]; then
        echo "sentinel known-replica $PRIMARY_NAME $host $REDIS_PORT"
      fi
    done
  } > "$conf.new"
fi
{
  printf '%s\n' "requirepass $(quoted "$REDIS_PASSWORD")"
  printf '%s\n' "sentinel sentinel-pass $(quoted "$REDIS_PASSWORD")"
  printf '%s\n' "sentinel auth-pass $PRIMARY_NAME $(quoted "$REDIS_PASSWORD")"
} >> "$conf.new"
mv "$conf.new" "$conf"
exec "$SERVER" "$conf" --sentinel

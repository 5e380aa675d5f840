#!/bin/sh
# Starts Redis as primary or replica. /data (the claim) holds the data and redis.conf, which the sentinels rewrite after a failover.
set -eu
umask 077
. "${SCRIPTS:-/scripts}/common.sh"
DATA="${DATA:-/data}"
conf="$DATA/redis.conf"

# What this pod knew when it last ran: `fresh`, itself, or the primary it followed.
if [ ! -s "$conf" ]; then
  last=fresh
else
  last=$(sed -n 's/^\(replicaof\|slaveof\) "\{0,1\}\([^ "]*\)"\{0,1\} .*/\2/p' "$conf" | tail -n 1)
  [ -n "$last" ] || last=$SELF
fi

# Another pod that follows a primary and has data: a sign that this is not the first start.
data_elsewhere() {
  for host in $(pods "$NAME" "$REPLICAS"); do
    [ "$host" = "$SELF" ] && continue
    offset=$(info "$host" master_repl_offset)
    [ "${offset:-0}" -gt 0 ] && return 0
  done
  return 1
}

while :; do
  primary=$(primary_by_sentinels)
  [ -n "$primary" ] || primary=$(primary_by_peers)
  if [ -z "$primary" ] && [ "$last" != fresh ]; then primary=$last; fi
  [ -n "$primary" ] || primary="$NAME-0$HOST_SUFFIX"
  # A pod that lost its data must not become the primary of those that have it: they would copy the nothing.
  if [ "$primary" = "$SELF" ] && [ "$last" = fresh ] && data_elsewhere; then
    say "this pod has no data, but others do: waiting for the sentinels to choose another primary"
    sleep 2
    continue
  fi
  break
done
say "starting $SELF; the primary is $primary (before: $last)"

{
  echo "port $REDIS_PORT"
  echo "bind ${LISTEN:-* -::*}"
  echo "dir $DATA"
  if [ -n "$REDIS_PASSWORD" ]; then
    printf '%s\n' "requirepass $(quoted "$REDIS_PASSWORD")"
    printf '%s\n' "masterauth $(quoted "$REDIS_PASSWORD")"
  fi
  echo "replica-announce-ip $SELF"
  echo "replica-announce-port $REDIS_PORT"
  echo "appendonly yes"
  echo "appendfsync everysec"
  echo 'save ""'
  echo "maxmemory-policy noeviction"
  # A primary that was cut off stops taking writes that would be lost when it comes back as a replica.
  echo "min-replicas-to-write ${MIN_REPLICAS_TO_WRITE:-1}"
  echo "min-replicas-max-lag 10"
  echo "repl-diskless-sync yes"
  echo "repl-diskless-sync-delay 0"
  # A replica that is still writing its first append-only file would refuse to stop; its primary has all of it.
  echo "shutdown-on-sigterm force"
  echo "tcp-keepalive 60"
  if [ -f "${SCRIPTS:-/scripts}/parameters.conf" ]; then cat "${SCRIPTS:-/scripts}/parameters.conf"; fi
  if [ "$primary" != "$SELF" ]; then echo "replicaof $primary $REDIS_PORT"; fi
} > "$conf.new"
mv "$conf.new" "$conf"
exec "$SERVER" "$conf"

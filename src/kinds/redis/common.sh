# Shared by the scripts of the redis and the sentinel pods. POSIX sh; sourced.
#   NAME            name of the redis StatefulSet; its pods are $NAME-0, $NAME-1, …
#   REPLICAS        number of redis pods
#   SENTINEL_NAME   name of the sentinel StatefulSet
#   SENTINELS       number of sentinel pods
#   HOST_SUFFIX     what makes a pod name a host name: .gic6.svc.cluster.local
#   POD_NAME        metadata.name (downward API)
#   REDIS_PASSWORD  secret; empty for none
#   PRIMARY_NAME    name under which the sentinels know the primary
# The client never prints or takes the password as an argument.
REDIS_PASSWORD="${REDIS_PASSWORD:-}"
export REDISCLI_AUTH="$REDIS_PASSWORD" VALKEYCLI_AUTH="$REDIS_PASSWORD"
if command -v valkey-server > /dev/null 2>&1; then
  SERVER=valkey-server CLIENT=valkey-cli
else
  SERVER=redis-server CLIENT=redis-cli
fi
REDIS_PORT="${REDIS_PORT:-6379}"
SENTINEL_PORT="${SENTINEL_PORT:-26379}"
LISTEN="${LISTEN:-}"
SELF="${POD_NAME}${HOST_SUFFIX}"

say() { echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) $*" >&2; }

# cli HOST PORT COMMAND…: the answer, or nothing after three seconds.
cli() {
  cli_host=$1 cli_port=$2
  shift 2
  timeout 3 "$CLIENT" --no-auth-warning -h "$cli_host" -p "$cli_port" "$@" 2>/dev/null | tr -d '\r'
}

# pods NAME COUNT: the host names of a StatefulSet's pods.
pods() {
  pods_i=0
  while [ "$pods_i" -lt "$2" ]; do
    echo "$1-$pods_i$HOST_SUFFIX"
    pods_i=$((pods_i + 1))
  done
}

# info HOST FIELD: one field of INFO replication, empty when the host does not answer.
info() { cli "$1" "$REDIS_PORT" info replication | sed -n "s/^$2://p"; }

# The primary according to the sentinels: the first answer. Empty when none answers.
primary_by_sentinels() {
  for host in $(pods "$SENTINEL_NAME" "$SENTINELS"); do
    answer=$(cli "$host" "$SENTINEL_PORT" sentinel get-master-addr-by-name "$PRIMARY_NAME" | sed -n 1p)
    case $answer in
      '' | *[!A-Za-z0-9.:-]*) ;; # no answer, or an error message
      *) echo "$answer"; return ;;
    esac
  done
}

# The other redis pod that says it is the primary; of several the one with the most replicas.
primary_by_peers() {
  best='' most=-1
  for host in $(pods "$NAME" "$REPLICAS"); do
    [ "$host" = "$SELF" ] && continue
    state=$(cli "$host" "$REDIS_PORT" info replication)
    [ "$(echo "$state" | sed -n 's/^role://p')" = master ] || continue
    count=$(echo "$state" | sed -n 's/^connected_slaves://p')
    if [ "${count:-0}" -gt "$most" ]; then best=$host most=${count:-0}; fi
  done
  echo "$best"
}

# A value as redis.conf reads it between double quotes.
quoted() { printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"; }

#!/bin/sh
# Ready: the primary, or a replica in touch with it.
. "${SCRIPTS:-/scripts}/common.sh"
host="${LISTEN:-127.0.0.1}"
[ "$(cli "$host" "$REDIS_PORT" ping)" = PONG ] || exit 1
[ "$(info "$host" role)" = master ] || [ "$(info "$host" master_link_status)" = up ]

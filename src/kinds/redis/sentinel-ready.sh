#!/bin/sh
# Ready: can name the primary, which is all that clients ask. A lost quorum must not hide a primary that works.
. "${SCRIPTS:-/scripts}/common.sh"
[ -n "$(cli "${LISTEN:-127.0.0.1}" "$SENTINEL_PORT" sentinel get-master-addr-by-name "$PRIMARY_NAME")" ]

#!/bin/sh
. "${SCRIPTS:-/scripts}/common.sh"
[ "$(cli "${LISTEN:-127.0.0.1}" "$SENTINEL_PORT" ping)" = PONG ]

#!/bin/sh
# Alive: answers at all, also while it loads its data or waits for its primary.
. "${SCRIPTS:-/scripts}/common.sh"
cli "${LISTEN:-127.0.0.1}" "$REDIS_PORT" ping | grep -Eq 'PONG|LOADING|MASTERDOWN|BUSY'

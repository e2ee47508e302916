#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Starts the server in the background and hands its address on. The server belongs to the fixture:
# if its cleanup does not stop it, dagsched does.
set -eu

log=$MEDIA_HOME/server.log

case $1 in
  start)
    mkfifo "$TMPDIR/ready"
    ./server.py "$MEDIA_HOME" >"$log" 2>&1 3>"$TMPDIR/ready" &
    # Ends when the server says its port, or has died.
    if ! read -r port <"$TMPDIR/ready"; then
      cat "$log"
      exit 1
    fi
    echo "MEDIA_URL=http://127.0.0.1:$port" >>"$DAGSCHED_ENV"
    echo "listening on port $port"
    ;;
  log)
    cat "$log"
    ;;
esac

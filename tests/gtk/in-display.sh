#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Runs a program on a display and a session bus of its own, where nothing depends on who runs it:
# in-display.sh WIDTHxHEIGHT PROGRAM [ARGS...]

set -eu

size=$1
shift
home=$(mktemp -d)
server=
stop ()
{
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$home"
}
trap stop EXIT
trap 'exit 143' INT TERM HUP

mkdir -m 0700 "$home/runtime"
mkdir -p "$home/config/gtk-4.0"
printf '[Settings]\ngtk-font-name=Cantarell 11\ngtk-enable-animations=false\n' >"$home/config/gtk-4.0/settings.ini"

# The server chooses a number that is free: whoever looks first and chooses then may be too late. It would start anew,
# and turn away who comes just then, whenever its last client goes.
mkfifo "$home/number"
Xvfb -displayfd 3 -screen 0 "${size}x24" +extension GLX -noreset -nolisten tcp 3>"$home/number" >"$home/log" 2>&1 &
server=$!
if ! read -r number <"$home/number"; then
  cat "$home/log" >&2
  exit 1
fi

HOME=$home XDG_RUNTIME_DIR=$home/runtime XDG_CONFIG_HOME=$home/config XDG_CACHE_HOME=$home/cache \
XDG_STATE_HOME=$home/state XDG_DATA_HOME=$home/data DISPLAY=:$number \
  dbus-run-session -- \
  env GDK_BACKEND=x11 GSK_RENDERER=cairo GSETTINGS_BACKEND=memory ADW_DISABLE_PORTAL=1 \
  LC_ALL=C.UTF-8 LANGUAGE= TZ=UTC "$@"

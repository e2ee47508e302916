#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Makes the pictures of the monitor that README shows, from the real program: record-monitor.sh BUILDDIR
# Needs ImageMagick and xdotool beside what the tests of the monitor need.

set -euo pipefail

folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$folder/../.." && pwd)
build=$(cd "$1" && pwd)
export folder
export MONITOR=$build/dagsched-gtk/app/dagsched-gtk
export GSETTINGS_SCHEMA_DIR=$build/data DAGSCHED_AGENT=$build/dagsched-agent/dagsched-agent
export LOG=$root/tests/gtk/support/small.jsonl

# shellcheck disable=SC2016 # for the inner shell
"$root/tests/gtk/in-display.sh" 1200x760 bash -euo pipefail -c '
  "$MONITOR" "$LOG" &
  monitor=$!
  until window=$(xdotool search --onlyvisible --pid $monitor | tail -n 1) && [ -n "$window" ]; do sleep 0.1; done
  xdotool windowmove "$window" 0 0 windowsize "$window" 1200 760 windowfocus "$window"
  shoot () { sleep 2; import -window root "$folder/monitor-$1.png"; }
  xdotool mousemove 80 740; sleep 2
  xdotool key alt+1; shoot graph
  xdotool key alt+2; shoot workers
  xdotool key ctrl+f; sleep 0.5
  xdotool type "is:failure"; sleep 1
  xdotool mousemove 300 345 click 1; sleep 0.5; xdotool mousemove 80 740
  xdotool key F9; shoot tests
  kill $monitor
'

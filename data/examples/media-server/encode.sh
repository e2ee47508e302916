#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Encodes $2 frames, and checks that encoding them again gives the same.
set -eu

encode ()
{
  frame=0
  while [ "$frame" -lt "$1" ]; do
    head -c 200000 /dev/zero | tr '\0' "$frame"
    frame=$((frame + 1))
  done | gzip -n | cksum
}

first=$(encode "$2")
second=$(encode "$2")
echo "$1: $2 frames, $first"
[ "$first" = "$second" ]

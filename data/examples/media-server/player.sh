#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Plays a film, where it can.
set -eu

case $1 in
  h264)
    echo "played on worker $DAGSCHED_WORKER"
    ;;
  hdr)
    echo "no HDR screen is attached"
    exit 77
    ;;
  *)
    echo "there is no codec for $1" >&2
    exit 1
    ;;
esac

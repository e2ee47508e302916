#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The database of the media server: a directory. What `create` writes to $DAGSCHED_ENV is in the
# environment of everything that depends on it.
set -eu

case $1 in
  create)
    # Not in $TMPDIR: that one is gone when this test has ended.
    MEDIA_HOME=$(mktemp -d /tmp/media-server-XXXXXX)
    mkdir "$MEDIA_HOME/media"
    echo 1 >"$MEDIA_HOME/version"
    echo "MEDIA_HOME=$MEDIA_HOME" >>"$DAGSCHED_ENV"
    echo "created $MEDIA_HOME"
    ;;
  migrate)
    read -r version <"$MEDIA_HOME/version"
    [ "$version" = 1 ]
    echo 2 >"$MEDIA_HOME/version"
    echo "migrated from $version to 2"
    ;;
  drop)
    rm -r "$MEDIA_HOME"
    ;;
esac

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/dagsched-command-test.h"

G_BEGIN_DECLS

/* What the files of DagschedCommandTest share. */

struct _DagschedCommandTest
{
  DagschedTest parent_instance;

  /* Settings: written before a run, read by any thread during it. */
  char **argv; /* the lists: dagsched_strv_intern() */
  char **env;
  char **unset_env;
  GRefString *workdir;
  guint64 output_limit;
  guint64 limits[DAGSCHED_N_LIMITS]; /* 0: as the run says */
  DagschedProtocol protocol;
  int skip_code;
  int stop_signal;
};

/* Properties, one for each limit, in their order. */
void dagsched_command_test_create_limits (GParamSpec **properties);

G_END_DECLS

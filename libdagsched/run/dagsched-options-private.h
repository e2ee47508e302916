/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "run/dagsched-options.h"

G_BEGIN_DECLS

/* Each is a property of DagschedOptions by the same name. */
typedef struct
{
  guint n_workers;                   /* "n-workers": 0: one a processor that the program may use */
  gboolean enable_work_stealing;     /* "enable-work-stealing" */
  guint work_stealing_threshold;     /* "work-stealing-threshold": tests, ≥ 1, default 2 */
  guint notification_batch_window;   /* "notification-batch-window": µs, default 100 */
  guint max_spurious_wakeups;        /* "max-spurious-wakeups": default 10 */
  gboolean timestamps;               /* "timestamps": default TRUE */
  gboolean pin_workers;              /* "pin-workers": threads of workers are bound to processors */
  DagschedOrder order;               /* "order" */
  guint64 seed;                      /* "seed": of DAGSCHED_ORDER_RANDOM */
  guint max_failures;                /* "max-failures": 0: no limit */
  guint repeat;                      /* "repeat": ≥ 1 */
  int retries;                       /* "retries": of tests that don't say; default 0 */
  double timeout_multiplier;         /* "timeout-multiplier": default 1; 0: no time-outs */
  double max_time;                   /* "max-time": seconds for the whole run; 0: no limit */
  gboolean flaky_fails;              /* "flaky-fails": a flaky test makes the verdict FAILURE */
  gboolean isolate;                  /* "isolate": functions that are offered by name run in processes */
  gboolean stack_traces;             /* "stack-traces": default TRUE */
  guint64 output_limit;              /* "output-limit": bytes a stream; default 16 MiB */
  guint64 run_output_limit;          /* "run-output-limit": bytes of all attempts; 0: no limit */
  guint64 limits[DAGSCHED_N_LIMITS]; /* by the names of dagsched_limit_to_string(): 0: none */
  DagschedSelection *selection;      /* "selection": (nullable) */
  char **wrapper;                    /* "wrapper": (nullable) put before each command */
  char *artifacts_dir;               /* "artifacts-dir": (nullable) */
  char *agent_path;                  /* "agent-path": (nullable) */
} DagschedOptionsView;

const DagschedOptionsView *dagsched_options_get_view (DagschedOptions *self);

G_END_DECLS

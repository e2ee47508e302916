/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

#include "live/dagsched-live-format-private.h"

/* What the tests of live runs have in common: a runtime directory of their own, and waiting for what
 * other threads and processes do. */

typedef struct
{
  DagschedGraph *graph;
  DagschedOptions *options;
} Live;

/* Around all tests of a program: the environment is not for the time when there are threads. */
void live_init (int *argc, char ***argv);
int live_run_tests (void);
void live_remove_tree (const char *path);
const char *live_get_dir (void); /* $XDG_RUNTIME_DIR */

void live_set_up (Live *live, gconstpointer data);
void live_tear_down (Live *live, gconstpointer data);

/* Iterates the thread's default context until *@predicate holds. */
typedef gboolean (*LivePredicate) (gpointer data);
void live_wait (LivePredicate predicate, gpointer data);
void live_wait_for_flag (const gboolean *flag);

DagschedTest *live_add (Live *live, const char *name, DagschedTestFunc func, gpointer data);
/* An emission of SIGNAL sets *@flag. */
void live_flag_signal (gpointer object, const char *signal, gboolean *flag);

/* A scheduler whose run has started, and its publisher. */
DagschedScheduler *live_start (Live *live, DagschedPublisher **publisher);
DagschedScheduler *live_prepare (Live *live, DagschedPublisher **publisher);
void live_run (DagschedScheduler *scheduler);
void live_wait_for_end (DagschedRun *run);

DagschedObserver *live_observe (const char *address);
DagschedObserver *live_try_to_observe (const char *address, GCancellable *cancellable, GError **error);
/* A test that is a process: @script is for sh. */
DagschedTest *live_add_command (Live *live, const char *name, const char *script);
/* As an observer that is not ours: a socket, and frames on it. */
int live_connect (DagschedPublisher *publisher);
void live_send_frame (int fd, DagschedLiveFrameType type, gconstpointer payload, gsize length);
void live_send_observe (int fd);

/* What @test has written so far, standard error after standard output. */
char *live_load_output (DagschedRun *run, DagschedTest *test);
GPtrArray *live_load (DagschedRun *run, DagschedTest *test, GError **error);
DagschedTest *live_get_test (DagschedRun *run, guint number); /* borrowed */

/* All that can be asked of both is the same. */
void live_assert_same (DagschedRun *run, DagschedRun *observed);

#define LIVE_ADD(path, data, func) g_test_add (path, Live, data, live_set_up, func, live_tear_down)

/* A gate for functions that run until they may end. */
typedef struct
{
  GMutex lock;
  GCond cond;
  guint n_open;
  guint n_entered;
} LiveGate;

void live_gate_open (LiveGate *gate, guint n);
DagschedOutcome
live_wait_at_gate (DagschedFuncTest *test, GCancellable *cancellable, gpointer gate, GError **error);
DagschedOutcome live_pass (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error);
DagschedOutcome live_fail (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error);

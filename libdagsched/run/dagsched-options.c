/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run/dagsched-options-private.h"

#include "base/dagsched-enum-types.h"

/**
 * DagschedOptions:
 *
 * How a run is carried out.
 *
 * Everything is a property. A scheduler reads them once, when its run starts; later changes have no
 * effect on it. Options may be set from any one thread before that.
 *
 * Since: 1.0
 */
struct _DagschedOptions
{
  GObject parent_instance;

  DagschedOptionsView view;
};

G_DEFINE_FINAL_TYPE (DagschedOptions, dagsched_options, G_TYPE_OBJECT)

#define MAX_WORKERS 65536

enum
{
  PROP_0,
  PROP_N_WORKERS,
  PROP_ENABLE_WORK_STEALING,
  PROP_WORK_STEALING_THRESHOLD,
  PROP_NOTIFICATION_BATCH_WINDOW,
  PROP_MAX_SPURIOUS_WAKEUPS,
  PROP_TIMESTAMPS,
  PROP_PIN_WORKERS,
  PROP_ORDER,
  PROP_SEED,
  PROP_MAX_FAILURES,
  PROP_REPEAT,
  PROP_RETRIES,
  PROP_TIMEOUT_MULTIPLIER,
  PROP_MAX_TIME,
  PROP_FLAKY_FAILS,
  PROP_ISOLATE,
  PROP_STACK_TRACES,
  PROP_OUTPUT_LIMIT,
  PROP_RUN_OUTPUT_LIMIT,
  PROP_CPU_LIMIT,
  PROP_MEMORY_LIMIT,
  PROP_OPEN_FILES_LIMIT,
  PROP_PROCESS_LIMIT,
  PROP_SELECTION,
  PROP_WRAPPER,
  PROP_ARTIFACTS_DIR,
  PROP_AGENT_PATH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* Where each property's value is in the view. */
static const gsize offsets[N_PROPS] = {
  [PROP_N_WORKERS] = G_STRUCT_OFFSET (DagschedOptionsView, n_workers),
  [PROP_ENABLE_WORK_STEALING] = G_STRUCT_OFFSET (DagschedOptionsView, enable_work_stealing),
  [PROP_WORK_STEALING_THRESHOLD] = G_STRUCT_OFFSET (DagschedOptionsView, work_stealing_threshold),
  [PROP_NOTIFICATION_BATCH_WINDOW] = G_STRUCT_OFFSET (DagschedOptionsView, notification_batch_window),
  [PROP_MAX_SPURIOUS_WAKEUPS] = G_STRUCT_OFFSET (DagschedOptionsView, max_spurious_wakeups),
  [PROP_TIMESTAMPS] = G_STRUCT_OFFSET (DagschedOptionsView, timestamps),
  [PROP_PIN_WORKERS] = G_STRUCT_OFFSET (DagschedOptionsView, pin_workers),
  [PROP_ORDER] = G_STRUCT_OFFSET (DagschedOptionsView, order),
  [PROP_SEED] = G_STRUCT_OFFSET (DagschedOptionsView, seed),
  [PROP_MAX_FAILURES] = G_STRUCT_OFFSET (DagschedOptionsView, max_failures),
  [PROP_REPEAT] = G_STRUCT_OFFSET (DagschedOptionsView, repeat),
  [PROP_RETRIES] = G_STRUCT_OFFSET (DagschedOptionsView, retries),
  [PROP_TIMEOUT_MULTIPLIER] = G_STRUCT_OFFSET (DagschedOptionsView, timeout_multiplier),
  [PROP_MAX_TIME] = G_STRUCT_OFFSET (DagschedOptionsView, max_time),
  [PROP_FLAKY_FAILS] = G_STRUCT_OFFSET (DagschedOptionsView, flaky_fails),
  [PROP_ISOLATE] = G_STRUCT_OFFSET (DagschedOptionsView, isolate),
  [PROP_STACK_TRACES] = G_STRUCT_OFFSET (DagschedOptionsView, stack_traces),
  [PROP_OUTPUT_LIMIT] = G_STRUCT_OFFSET (DagschedOptionsView, output_limit),
  [PROP_RUN_OUTPUT_LIMIT] = G_STRUCT_OFFSET (DagschedOptionsView, run_output_limit),
  [PROP_CPU_LIMIT] = G_STRUCT_OFFSET (DagschedOptionsView, limits[DAGSCHED_LIMIT_CPU]),
  [PROP_MEMORY_LIMIT] = G_STRUCT_OFFSET (DagschedOptionsView, limits[DAGSCHED_LIMIT_MEMORY]),
  [PROP_OPEN_FILES_LIMIT] = G_STRUCT_OFFSET (DagschedOptionsView, limits[DAGSCHED_LIMIT_OPEN_FILES]),
  [PROP_PROCESS_LIMIT] = G_STRUCT_OFFSET (DagschedOptionsView, limits[DAGSCHED_LIMIT_PROCESSES]),
  [PROP_SELECTION] = G_STRUCT_OFFSET (DagschedOptionsView, selection),
  [PROP_WRAPPER] = G_STRUCT_OFFSET (DagschedOptionsView, wrapper),
  [PROP_ARTIFACTS_DIR] = G_STRUCT_OFFSET (DagschedOptionsView, artifacts_dir),
  [PROP_AGENT_PATH] = G_STRUCT_OFFSET (DagschedOptionsView, agent_path),
};

#define MEMBER(self, type, prop_id) G_STRUCT_MEMBER (type, &(self)->view, offsets[prop_id])

/**
 * dagsched_options_new:
 *
 * Creates options that all have their default values.
 *
 * Returns: (transfer full): new options
 *
 * Since: 1.0
 */
DagschedOptions *
dagsched_options_new (void)
{
  return g_object_new (DAGSCHED_TYPE_OPTIONS, NULL);
}

/**
 * dagsched_options_set_wrapper:
 * @self: options
 * @argv: (nullable) (array zero-terminated=1): words to put before each command, such as
 *   `valgrind` and `--quiet`
 *
 * Sets [property@Options:wrapper]. Copies @argv; an empty one is the same as %NULL.
 *
 * Since: 1.0
 */
void
dagsched_options_set_wrapper (DagschedOptions *self, const char *const *argv)
{
  g_return_if_fail (DAGSCHED_IS_OPTIONS (self));

  g_object_set (self, "wrapper", argv, NULL);
}

const DagschedOptionsView *
dagsched_options_get_view (DagschedOptions *self)
{
  g_assert (DAGSCHED_IS_OPTIONS (self));

  return &self->view;
}

static void
dagsched_options_finalize (GObject *object)
{
  DagschedOptions *self = DAGSCHED_OPTIONS (object);

  g_clear_object (&self->view.selection);
  g_clear_pointer (&self->view.wrapper, g_strfreev);
  g_clear_pointer (&self->view.artifacts_dir, g_free);
  g_clear_pointer (&self->view.agent_path, g_free);

  G_OBJECT_CLASS (dagsched_options_parent_class)->finalize (object);
}

static void
dagsched_options_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  DagschedOptions *self = DAGSCHED_OPTIONS (object);

  if (G_IS_PARAM_SPEC_UINT (pspec))
    g_value_set_uint (value, MEMBER (self, guint, prop_id));
  else if (G_IS_PARAM_SPEC_INT (pspec))
    g_value_set_int (value, MEMBER (self, int, prop_id));
  else if (G_IS_PARAM_SPEC_UINT64 (pspec))
    g_value_set_uint64 (value, MEMBER (self, guint64, prop_id));
  else if (G_IS_PARAM_SPEC_DOUBLE (pspec))
    g_value_set_double (value, MEMBER (self, double, prop_id));
  else if (G_IS_PARAM_SPEC_BOOLEAN (pspec))
    g_value_set_boolean (value, MEMBER (self, gboolean, prop_id));
  else if (G_IS_PARAM_SPEC_ENUM (pspec))
    g_value_set_enum (value, MEMBER (self, DagschedOrder, prop_id));
  else if (G_IS_PARAM_SPEC_STRING (pspec))
    g_value_set_string (value, MEMBER (self, char *, prop_id));
  else if (G_IS_PARAM_SPEC_OBJECT (pspec))
    g_value_set_object (value, MEMBER (self, DagschedSelection *, prop_id));
  else if (G_IS_PARAM_SPEC_BOXED (pspec))
    g_value_set_boxed (value, MEMBER (self, char **, prop_id));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
set_wrapper (DagschedOptions *self, const GValue *value)
{
  char **wrapper = g_value_dup_boxed (value);

  g_strfreev (self->view.wrapper);
  if (wrapper != NULL && wrapper[0] == NULL)
    g_clear_pointer (&wrapper, g_strfreev);
  self->view.wrapper = wrapper;
}

static void
dagsched_options_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  DagschedOptions *self = DAGSCHED_OPTIONS (object);

  if (G_IS_PARAM_SPEC_UINT (pspec))
    MEMBER (self, guint, prop_id) = g_value_get_uint (value);
  else if (G_IS_PARAM_SPEC_INT (pspec))
    MEMBER (self, int, prop_id) = g_value_get_int (value);
  else if (G_IS_PARAM_SPEC_UINT64 (pspec))
    MEMBER (self, guint64, prop_id) = g_value_get_uint64 (value);
  else if (G_IS_PARAM_SPEC_DOUBLE (pspec))
    MEMBER (self, double, prop_id) = g_value_get_double (value);
  else if (G_IS_PARAM_SPEC_BOOLEAN (pspec))
    MEMBER (self, gboolean, prop_id) = g_value_get_boolean (value);
  else if (G_IS_PARAM_SPEC_ENUM (pspec))
    MEMBER (self, DagschedOrder, prop_id) = g_value_get_enum (value);
  else if (G_IS_PARAM_SPEC_STRING (pspec))
    {
      g_free (MEMBER (self, char *, prop_id));
      MEMBER (self, char *, prop_id) = g_value_dup_string (value);
    }
  else if (G_IS_PARAM_SPEC_OBJECT (pspec))
    g_set_object (&MEMBER (self, DagschedSelection *, prop_id), g_value_get_object (value));
  else if (G_IS_PARAM_SPEC_BOXED (pspec))
    set_wrapper (self, value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

#define FLAGS (G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS)

static void
install_engine_properties (void)
{
  /**
   * DagschedOptions:n-workers:
   *
   * How many lanes of concurrency there are, at most 65536. 0: one for each processor that the
   * program may use.
   *
   * Since: 1.0
   */
  properties[PROP_N_WORKERS] = g_param_spec_uint ("n-workers", NULL, NULL, 0, MAX_WORKERS, 0, FLAGS);
  /**
   * DagschedOptions:enable-work-stealing:
   *
   * Whether each worker has a queue of its own from which idle ones steal. If not, tests that become
   * ready go to one shared queue. Has no effect on a run in which order matters
   * ([property@Options:order]): that one always has one ordered queue.
   *
   * Since: 1.0
   */
  properties[PROP_ENABLE_WORK_STEALING] =
    g_param_spec_boolean ("enable-work-stealing", NULL, NULL, TRUE, FLAGS);
  /**
   * DagschedOptions:work-stealing-threshold:
   *
   * How many tests a queue must hold for a thief to move up to half of them at a time; from a
   * shorter one it takes one. Has no effect where [property@Options:enable-work-stealing] has none.
   *
   * Since: 1.0
   */
  properties[PROP_WORK_STEALING_THRESHOLD] =
    g_param_spec_uint ("work-stealing-threshold", NULL, NULL, 1, G_MAXUINT, 2, FLAGS);
  /**
   * DagschedOptions:notification-batch-window:
   *
   * Microseconds, up to 10 s, for which events are collected before signals are emitted for them
   * together; where few come, up to five times as long after the last ones. 0: as soon as the main context gets to it.
   *
   * Since: 1.0
   */
  properties[PROP_NOTIFICATION_BATCH_WINDOW] =
    g_param_spec_uint ("notification-batch-window", NULL, NULL, 0, 10 * G_USEC_PER_SEC, 100, FLAGS);
  /**
   * DagschedOptions:max-spurious-wakeups:
   *
   * How often in a row a worker may be woken and find nothing to do, until it is the last to be woken.
   *
   * Since: 1.0
   */
  properties[PROP_MAX_SPURIOUS_WAKEUPS] =
    g_param_spec_uint ("max-spurious-wakeups", NULL, NULL, 0, G_MAXUINT, 10, FLAGS);
  /**
   * DagschedOptions:timestamps:
   *
   * Whether the time is taken at each attempt's start and end. If not, durations are 0, attempts of
   * functions that passed are not listed ([method@Run.dup_attempts]), and a run of very many very short
   * functions is faster: reading the clock takes longer than all the rest. A run that is recorded in a
   * log takes the time in any case, and so do processes.
   *
   * Since: 1.0
   */
  properties[PROP_TIMESTAMPS] = g_param_spec_boolean ("timestamps", NULL, NULL, TRUE, FLAGS);
  /**
   * DagschedOptions:pin-workers:
   *
   * Whether each worker's thread is bound to a processor, out of those that the thread that starts the run may
   * use. Workers are spread over the machine: cores are filled before second hardware threads, memory
   * nodes evenly; of more workers than processors, several share one. Idle workers then steal from the
   * nearest first.
   *
   * Applies to tests that are functions; a thread or process that such a function starts is bound with it.
   * Has no effect on tests that are processes: these may have threads that should not share a processor.
   * Where threads can't be bound (the library was built without hwloc, say), a warning is logged, and the
   * run goes on without.
   *
   * Since: 1.0
   */
  properties[PROP_PIN_WORKERS] = g_param_spec_boolean ("pin-workers", NULL, NULL, FALSE, FLAGS);
  /**
   * DagschedOptions:order:
   *
   * Which of several ready tests starts first.
   *
   * Since: 1.0
   */
  properties[PROP_ORDER] =
    g_param_spec_enum ("order", NULL, NULL, DAGSCHED_TYPE_ORDER, DAGSCHED_ORDER_AUTO, FLAGS);
  /**
   * DagschedOptions:seed:
   *
   * The seed of %DAGSCHED_ORDER_RANDOM: the same seed gives the same order.
   *
   * Since: 1.0
   */
  properties[PROP_SEED] = g_param_spec_uint64 ("seed", NULL, NULL, 0, G_MAXUINT64, 0, FLAGS);
}

static void
install_test_properties (void)
{
  /**
   * DagschedOptions:max-failures:
   *
   * After how many failed tests no further test starts. 0: no limit.
   *
   * Since: 1.0
   */
  properties[PROP_MAX_FAILURES] = g_param_spec_uint ("max-failures", NULL, NULL, 0, G_MAXUINT, 0, FLAGS);
  /**
   * DagschedOptions:repeat:
   *
   * How many times each selected test runs, each time with an outcome of its own.
   *
   * Since: 1.0
   */
  properties[PROP_REPEAT] = g_param_spec_uint ("repeat", NULL, NULL, 1, G_MAXUINT, 1, FLAGS);
  /**
   * DagschedOptions:retries:
   *
   * How many further attempts a test gets that failed and does not say itself how many.
   *
   * Since: 1.0
   */
  properties[PROP_RETRIES] = g_param_spec_int ("retries", NULL, NULL, 0, G_MAXINT, 0, FLAGS);
  /**
   * DagschedOptions:timeout-multiplier:
   *
   * What each test's time-out is multiplied by. 0: no test has a time-out.
   *
   * Since: 1.0
   */
  properties[PROP_TIMEOUT_MULTIPLIER] =
    g_param_spec_double ("timeout-multiplier", NULL, NULL, 0.0, 1e9, 1.0, FLAGS);
  /**
   * DagschedOptions:max-time:
   *
   * Seconds, up to 10⁹, after which the whole run is cancelled. 0: no limit.
   *
   * Since: 1.0
   */
  properties[PROP_MAX_TIME] = g_param_spec_double ("max-time", NULL, NULL, 0.0, 1e9, 0.0, FLAGS);
  /**
   * DagschedOptions:flaky-fails:
   *
   * Whether a test that passed only after a failed attempt makes the verdict %DAGSCHED_VERDICT_FAILURE.
   *
   * Since: 1.0
   */
  properties[PROP_FLAKY_FAILS] = g_param_spec_boolean ("flaky-fails", NULL, NULL, FALSE, FLAGS);
}

static void
install_process_properties (void)
{
  /**
   * DagschedOptions:isolate:
   *
   * Whether functions run in processes of their own, where their program offers them by name:
   * [method@Graph.offer_functions]. Otherwise, and with those that it does not offer, a function that crashes is the end
   * of the program.
   *
   * Since: 1.0
   */
  properties[PROP_ISOLATE] = g_param_spec_boolean ("isolate", NULL, NULL, FALSE, FLAGS);

  /**
   * DagschedOptions:stack-traces:
   *
   * Whether a debugger, eu-stack(1) or gdb(1), says where the processes of a test are that did not end in time, before they
   * are stopped, or where one was that crashed and left a core file. It is added to the standard error of the attempt;
   * where it can't be had, that says how it can.
   *
   * Since: 1.0
   */
  properties[PROP_STACK_TRACES] = g_param_spec_boolean ("stack-traces", NULL, NULL, TRUE, FLAGS);

  /**
   * DagschedOptions:output-limit:
   *
   * How many bytes of standard output, and as many of standard error, are kept of an attempt of a
   * test that does not say so itself. Of more, head and tail are kept.
   *
   * Since: 1.0
   */
  properties[PROP_OUTPUT_LIMIT] =
    g_param_spec_uint64 ("output-limit", NULL, NULL, 0, G_MAXUINT64, 16 * 1024 * 1024, FLAGS);

  /**
   * DagschedOptions:run-output-limit:
   *
   * How many bytes are kept of what all attempts of the run write together; 0: no limit. The nearer it comes, the less is
   * kept of each, at least 1 KiB of each stream; what was cut is *truncated*.
   *
   * Since: 1.0
   */
  properties[PROP_RUN_OUTPUT_LIMIT] =
    g_param_spec_uint64 ("run-output-limit", NULL, NULL, 0, G_MAXUINT64, 0, FLAGS);

  /**
   * DagschedOptions:cpu-limit:
   *
   * How many seconds of processor time each process of a test may take, of tests that don't say so themselves:
   * [property@CommandTest:cpu-limit]. 0: no limit.
   *
   * Since: 1.0
   */
  properties[PROP_CPU_LIMIT] = g_param_spec_uint64 ("cpu-limit", NULL, NULL, 0, G_MAXUINT64, 0, FLAGS);
  /**
   * DagschedOptions:memory-limit:
   *
   * How many bytes of data each process of a test may have, of tests that don't say so themselves:
   * [property@CommandTest:memory-limit]. 0: no limit.
   *
   * Since: 1.0
   */
  properties[PROP_MEMORY_LIMIT] = g_param_spec_uint64 ("memory-limit", NULL, NULL, 0, G_MAXUINT64, 0, FLAGS);
  /**
   * DagschedOptions:open-files-limit:
   *
   * How many files each process of a test may have open, of tests that don't say so themselves:
   * [property@CommandTest:open-files-limit]. 0: no limit.
   *
   * Since: 1.0
   */
  properties[PROP_OPEN_FILES_LIMIT] =
    g_param_spec_uint64 ("open-files-limit", NULL, NULL, 0, G_MAXUINT64, 0, FLAGS);
  /**
   * DagschedOptions:process-limit:
   *
   * How many processes a test may have at a time, of tests that don't say so themselves:
   * [property@CommandTest:process-limit]. 0: no limit.
   *
   * Since: 1.0
   */
  properties[PROP_PROCESS_LIMIT] =
    g_param_spec_uint64 ("process-limit", NULL, NULL, 0, G_MAXUINT64, 0, FLAGS);
  /**
   * DagschedOptions:selection:
   *
   * Which tests are wanted. %NULL: all of them.
   *
   * Since: 1.0
   */
  properties[PROP_SELECTION] = g_param_spec_object ("selection", NULL, NULL, DAGSCHED_TYPE_SELECTION, FLAGS);
  /**
   * DagschedOptions:wrapper:
   *
   * Words that are put before the command of each test, such as `valgrind`.
   *
   * Since: 1.0
   */
  properties[PROP_WRAPPER] = g_param_spec_boxed ("wrapper", NULL, NULL, G_TYPE_STRV, FLAGS);
  /**
   * DagschedOptions:artifacts-dir:
   *
   * The directory in which each attempt gets its `$DAGSCHED_ARTIFACTS`. %NULL: a temporary one.
   *
   * Since: 1.0
   */
  properties[PROP_ARTIFACTS_DIR] = g_param_spec_string ("artifacts-dir", NULL, NULL, NULL, FLAGS);
  /**
   * DagschedOptions:agent-path:
   *
   * The agent program that carries out processes. %NULL: `$DAGSCHED_AGENT`, else the one that was
   * installed with the library.
   *
   * Since: 1.0
   */
  properties[PROP_AGENT_PATH] = g_param_spec_string ("agent-path", NULL, NULL, NULL, FLAGS);
}

static void
dagsched_options_class_init (DagschedOptionsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = dagsched_options_finalize;
  object_class->get_property = dagsched_options_get_property;
  object_class->set_property = dagsched_options_set_property;

  install_engine_properties ();
  install_test_properties ();
  install_process_properties ();
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
dagsched_options_init (DagschedOptions *self)
{
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What glib-shim.c tells the thread sanitizer is true: what is ordered is quiet, and no more than that.
 * Each case is a process of its own, with two threads that touch one number. */

#include "engine/dagsched-atomic-private.h"

typedef struct
{
  const char *name;
  void (*first) (void);  /* on a thread */
  void (*second) (void); /* on the main thread, when first has come to its end */
  gboolean together;     /* second need not wait */
} Case;

static guint number; /* what the cases race for */
static GMutex mutex;
static GMutex another_mutex;
static GCond cond;
static gboolean written; /* protected by mutex */
static GAsyncQueue *queue;
static _Atomic guint n_steps; /* relaxed: it orders nothing */

/* The order in time, which the sanitizer does not take for more than chance. */
static void
step (void)
{
  atomic_fetch_add_explicit (&n_steps, 1, memory_order_relaxed);
}

static void
wait_for_step (guint n)
{
  while (dagsched_load_relaxed (&n_steps) < n)
    g_thread_yield ();
}

static void
touch (void)
{
  number++;
}

static void
touch_locked (void)
{
  g_mutex_lock (&mutex);
  number++;
  g_mutex_unlock (&mutex);
}

static void
touch_locked_by_another (void)
{
  g_mutex_lock (&another_mutex);
  number++;
  g_mutex_unlock (&another_mutex);
}

static void
touch_after_lock (void)
{
  g_mutex_lock (&mutex);
  g_mutex_unlock (&mutex);
  number++;
}

static void
touch_if_tried (void)
{
  g_assert_true (g_mutex_trylock (&mutex));
  number++;
  g_mutex_unlock (&mutex);
}

static void
hold (void)
{
  number++;
  g_mutex_lock (&mutex);
  step ();
  wait_for_step (2);
  g_mutex_unlock (&mutex);
}

static void
touch_in_vain (void)
{
  wait_for_step (1);
  g_assert_false (g_mutex_trylock (&mutex));
  number++;
  step ();
}

static void
touch_and_signal (void)
{
  g_mutex_lock (&mutex);
  number++;
  written = TRUE;
  g_cond_signal (&cond);
  g_mutex_unlock (&mutex);
}

static void
wait_and_touch (void)
{
  g_mutex_lock (&mutex);
  while (!written)
    g_cond_wait (&cond, &mutex);
  number++;
  g_mutex_unlock (&mutex);
}

static void
wait_until_and_touch (void)
{
  g_mutex_lock (&mutex);
  while (!written)
    g_cond_wait_until (&cond, &mutex, g_get_monotonic_time () + G_USEC_PER_SEC);
  number++;
  g_mutex_unlock (&mutex);
}

static void
signal_and_touch (void)
{
  touch_and_signal ();
  number++;
}

static void
touch_and_push (void)
{
  number++;
  g_async_queue_push (queue, &number);
}

static void
push_and_touch (void)
{
  g_async_queue_push (queue, &number);
  number++;
}

static void
pop_and_touch (void)
{
  g_assert_true (g_async_queue_pop (queue) == &number);
  number++;
}

static void
try_pop_and_touch (void)
{
  while (g_async_queue_try_pop (queue) == NULL)
    g_thread_yield ();
  number++;
}

static void
touch_and_find_nothing (void)
{
  g_async_queue_push (queue, &number);
  g_async_queue_pop (queue);
  number++;
}

static void
find_nothing_and_touch (void)
{
  g_assert_null (g_async_queue_try_pop (queue));
  number++;
}

static gboolean
on_idle (gpointer data)
{
  number++;
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean dispatched;

static void
attach_source (void)
{
  GSource *source = g_idle_source_new ();

  g_source_set_callback (source, on_idle, &dispatched, NULL);
  g_source_attach (source, NULL);
  g_source_unref (source);
}

static void
touch_and_attach (void)
{
  number++;
  attach_source ();
}

static void
attach_and_touch (void)
{
  attach_source ();
  number++;
}

static void
dispatch (void)
{
  while (!dispatched)
    g_main_context_iteration (NULL, TRUE);
}

static void
touch_and_fence (void)
{
  number++;
  DAGSCHED_FENCE ();
}

static void
fence_and_touch (void)
{
  DAGSCHED_FENCE ();
  number++;
}

static gpointer box; /* with a reference for each of them */

static void
touch_and_release (void)
{
  number++;
  g_atomic_rc_box_release_full (box, NULL);
}

static void
release_and_touch (void)
{
  g_atomic_rc_box_release_full (box, NULL);
  number++;
}

static void
touch_last (gpointer data)
{
  number++;
}

static void
release_last (void)
{
  g_atomic_rc_box_release_full (box, touch_last);
}

static GMainContext *context; /* with a reference for each of them, and a source that touches in its end */

static void
touch_and_unref_context (void)
{
  number++;
  g_main_context_unref (context);
}

static void
unref_context_and_touch (void)
{
  g_main_context_unref (context);
  number++;
}

static void
unref_context (void)
{
  g_main_context_unref (context);
}

static gsize initialized;

static void
initialize_and_touch (void)
{
  if (g_once_init_enter (&initialized))
    {
      number++;
      g_once_init_leave (&initialized, 1);
    }
}

static void
expect_initialized_and_touch (void)
{
  g_assert_false (g_once_init_enter (&initialized));
  number++;
}

static const Case racy[] = {
  { "nothing", touch, touch },
  { "one-locks", touch_locked, touch },
  { "two-locks", touch_locked, touch_locked_by_another },
  { "after-unlock", touch_after_lock, touch_locked },
  { "failed-trylock", hold, touch_in_vain, TRUE },
  { "after-signal", signal_and_touch, wait_and_touch },
  { "after-push", push_and_touch, pop_and_touch },
  { "nothing-popped", touch_and_find_nothing, find_nothing_and_touch },
  { "after-attach", attach_and_touch, dispatch },
  { "after-release", release_and_touch, release_last },
  { "after-unref-of-context", unref_context_and_touch, unref_context },
  { "fences", touch_and_fence, fence_and_touch },
};

static const Case quiet[] = {
  { "mutex", touch_locked, touch_locked },
  { "trylock", touch_if_tried, touch_if_tried },
  { "condition", touch_and_signal, wait_and_touch, TRUE },
  { "timed-condition", touch_and_signal, wait_until_and_touch, TRUE },
  { "queue", touch_and_push, pop_and_touch, TRUE },
  { "queue-tried", touch_and_push, try_pop_and_touch },
  { "source", touch_and_attach, dispatch },
  { "box", touch_and_release, release_last },
  { "context", touch_and_unref_context, unref_context },
  { "once", initialize_and_touch, expect_initialized_and_touch },
};

static GMainContext *
context_new (void)
{
  GMainContext *made = g_main_context_new ();
  GSource *source = g_idle_source_new ();

  g_source_set_callback (source, on_idle, NULL, touch_last);
  g_source_attach (source, made);
  g_source_unref (source);
  return g_main_context_ref (made);
}

static gpointer
run_first (gpointer data)
{
  ((const Case *) data)->first ();
  step ();
  return NULL;
}

static void
run_case (const Case *c)
{
  GThread *thread;

  queue = g_async_queue_new ();
  box = g_atomic_rc_box_acquire (g_atomic_rc_box_new0 (guint));
  context = context_new ();
  thread = g_thread_new ("first", run_first, (gpointer) c);
  if (!c->together)
    wait_for_step (1);
  c->second ();
  g_thread_join (thread);
  g_async_queue_unref (queue);
}

static void
test_racy (gconstpointer data)
{
  if (g_test_subprocess ())
    {
      run_case (data);
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*WARNING: ThreadSanitizer: data race*");
}

static void
test_quiet (gconstpointer data)
{
  if (g_test_subprocess ())
    {
      run_case (data);
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr_unmatched ("*ThreadSanitizer*");
}

static void
add (const char *folder, const Case *cases, guint n, GTestDataFunc func)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path = g_strconcat (folder, cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], func);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add ("/shim/racy/", racy, G_N_ELEMENTS (racy), test_racy);
  add ("/shim/quiet/", quiet, G_N_ELEMENTS (quiet), test_quiet);

  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What GLib does between threads, told to the thread sanitizer. GLib itself is not instrumented, and
 * its locks and queues are made of futexes: the sanitizer sees neither, and reports what they protect.
 *
 * Each function here stands before GLib's, calls that, and says what it promises: no more, or races of
 * ours would be hidden (test-shim.c shows that they are not). What GLib builds on pthread is seen without
 * help: threads, GRecMutex, GRWLock, GPrivate. Its atomic operations are macros, and so part of our code. */

#include <dlfcn.h>
#include <glib.h>
#include <sanitizer/tsan_interface.h>

void AnnotateIgnoreWritesBegin (const char *file, int line);
void AnnotateIgnoreWritesEnd (const char *file, int line);

/* Around what GLib allocates in one thread and frees in another, under a lock of its own. */
#define IGNORE_BEGIN() AnnotateIgnoreWritesBegin (__FILE__, __LINE__)
#define IGNORE_END() AnnotateIgnoreWritesEnd (__FILE__, __LINE__)

#define FUNCTIONS(F)                                                                                         \
  F (g_mutex_lock)                                                                                           \
  F (g_mutex_trylock)                                                                                        \
  F (g_mutex_unlock)                                                                                         \
  F (g_mutex_clear)                                                                                          \
  F (g_cond_wait)                                                                                            \
  F (g_cond_wait_until)                                                                                      \
  F (g_async_queue_push)                                                                                     \
  F (g_async_queue_pop)                                                                                      \
  F (g_async_queue_try_pop)                                                                                  \
  F (g_atomic_rc_box_release_full)                                                                           \
  F (g_once_init_leave)                                                                                      \
  F (g_main_context_unref)                                                                                   \
  F (g_source_set_callback)                                                                                  \
  F (g_source_attach)

static struct
{
#define DECLARE(name) __typeof__ (&name) name;
  FUNCTIONS (DECLARE)
} real;

/* Not when first needed: who holds a lock of ours could wait for the loader's, and somebody who loads a
 * library for ours. Constructors of other libraries, which may come earlier, are alone. */
__attribute__ ((constructor)) static void
find_real (void)
{
#define FIND(name) real.name = (__typeof__ (&name)) dlsym (RTLD_NEXT, #name);
  FUNCTIONS (FIND)
}

#define REAL(name) (real.name != NULL ? real.name : (find_real (), real.name))

/* GMutex and GCond. */

void
g_mutex_lock (GMutex *mutex)
{
  __tsan_mutex_pre_lock (mutex, 0);
  REAL (g_mutex_lock) (mutex);
  __tsan_mutex_post_lock (mutex, 0, 0);
}

gboolean
g_mutex_trylock (GMutex *mutex)
{
  gboolean locked;

  __tsan_mutex_pre_lock (mutex, __tsan_mutex_try_lock);
  locked = REAL (g_mutex_trylock) (mutex);
  __tsan_mutex_post_lock (mutex, __tsan_mutex_try_lock | (locked ? 0 : __tsan_mutex_try_lock_failed), 0);
  return locked;
}

void
g_mutex_unlock (GMutex *mutex)
{
  __tsan_mutex_pre_unlock (mutex, 0);
  REAL (g_mutex_unlock) (mutex);
  __tsan_mutex_post_unlock (mutex, 0);
}

/* Who clears it comes after all who had it: mostly that is known by a count of references, which GLib keeps where the
 * sanitizer does not see it. Who has it afterwards is found all the same. */
void
g_mutex_clear (GMutex *mutex)
{
  __tsan_mutex_pre_lock (mutex, __tsan_mutex_try_lock);
  __tsan_mutex_post_lock (mutex, __tsan_mutex_try_lock, 0);
  __tsan_mutex_pre_unlock (mutex, 0);
  __tsan_mutex_post_unlock (mutex, 0);
  __tsan_mutex_destroy (mutex, 0);
  REAL (g_mutex_clear) (mutex);
}

/* A condition alone orders nothing: what its waiters see they see through the mutex. */

void
g_cond_wait (GCond *cond, GMutex *mutex)
{
  __tsan_mutex_pre_unlock (mutex, 0);
  __tsan_mutex_post_unlock (mutex, 0);
  __tsan_mutex_pre_lock (mutex, 0);
  REAL (g_cond_wait) (cond, mutex);
  __tsan_mutex_post_lock (mutex, 0, 0);
}

gboolean
g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time)
{
  gboolean signalled;

  __tsan_mutex_pre_unlock (mutex, 0);
  __tsan_mutex_post_unlock (mutex, 0);
  __tsan_mutex_pre_lock (mutex, 0);
  signalled = REAL (g_cond_wait_until) (cond, mutex, end_time);
  __tsan_mutex_post_lock (mutex, 0, 0);
  return signalled;
}

/* GAsyncQueue: who pops sees what was done before the push. */

void
g_async_queue_push (GAsyncQueue *queue, gpointer data)
{
  __tsan_release (queue);
  IGNORE_BEGIN ();
  REAL (g_async_queue_push) (queue, data);
  IGNORE_END ();
}

gpointer
g_async_queue_pop (GAsyncQueue *queue)
{
  gpointer data;

  IGNORE_BEGIN ();
  data = REAL (g_async_queue_pop) (queue);
  IGNORE_END ();
  __tsan_acquire (queue);
  return data;
}

gpointer
g_async_queue_try_pop (GAsyncQueue *queue)
{
  gpointer data;

  IGNORE_BEGIN ();
  data = REAL (g_async_queue_try_pop) (queue);
  IGNORE_END ();
  if (data != NULL)
    __tsan_acquire (queue);
  return data;
}

/* GAtomicRcBox: whoever lets go last sees what the others did before they let go. */

static _Thread_local GDestroyNotify clear_last;

static void
rc_box_clear (gpointer box)
{
  __tsan_acquire (box);
  if (clear_last != NULL)
    clear_last (box);
}

void
g_atomic_rc_box_release_full (gpointer box, GDestroyNotify clear)
{
  __tsan_release (box);
  clear_last = clear;
  REAL (g_atomic_rc_box_release_full) (box, rc_box_clear);
}

/* The macro g_once_init_enter() reads @location in our code. */

void (g_once_init_leave) (volatile void *location, gsize result)
{
  __tsan_release ((void *) location);
  REAL (g_once_init_leave) (location, result);
}

/* GMainContext: whoever lets go last, and so frees it, sees what the others did before they let go. */

void
g_main_context_unref (GMainContext *context)
{
  __tsan_release (context);
  __tsan_acquire (context);
  REAL (g_main_context_unref) (context);
}

/* GSource: its callback sees what was done before it was attached. Those of GSourceFunc's type alone:
 * others are attached where they run. */

typedef struct
{
  GSource *source;
  GSourceFunc func;
  gpointer data;
  GDestroyNotify notify;
} Callback;

static gboolean
callback_call (gpointer data)
{
  Callback *callback = data;

  __tsan_acquire (callback->source);
  return callback->func (callback->data);
}

static void
callback_free (gpointer data)
{
  Callback *callback = data;

  __tsan_acquire (callback->source);
  if (callback->notify != NULL)
    callback->notify (callback->data);
  g_free (callback);
}

void
g_source_set_callback (GSource *source, GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  Callback *callback;

  if (source->source_funcs != &g_idle_funcs && source->source_funcs != &g_timeout_funcs)
    {
      REAL (g_source_set_callback) (source, func, data, notify);
      return;
    }

  callback = g_new (Callback, 1);
  *callback = (Callback){ source, func, data, notify };
  REAL (g_source_set_callback) (source, callback_call, callback, callback_free);
}

guint
g_source_attach (GSource *source, GMainContext *context)
{
  guint id;

  __tsan_release (source);
  IGNORE_BEGIN ();
  id = REAL (g_source_attach) (source, context);
  IGNORE_END ();
  return id;
}

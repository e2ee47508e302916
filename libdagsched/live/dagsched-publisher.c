/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live/dagsched-publisher.h"

#include <glib-unix.h>

#include "live/dagsched-live-encode-private.h"
#include "live/dagsched-publisher-private.h"

/* Nobody sees changes sooner than a screen does; each time costs a wake-up. Where few tests change, a wake-up costs more
 * than all that it is for, and they may wait as long as nobody would call it late. */
#define INTERVAL 16000      /* µs */
#define LONG_INTERVAL 80000 /* µs */
#define MANY 64             /* tests */

/* Of a run of very many tests a state is large. Those who can't keep up get one seldom: it takes so much less than
 * the time until the next one. */
#define STATE_PAUSE 32

/**
 * DagschedPublisher:
 *
 * Lets other processes of the same user watch a run: [class@Observer].
 *
 * A socket in `$XDG_RUNTIME_DIR/dagsched/` is served by a thread of its own. Any number of observers may come and
 * go. The run never waits for them: one that is slow, or stopped, misses what happens and gets a new
 * picture of the whole when it reads on. Where nobody watches, nothing is done.
 *
 * It belongs to the run's model thread, and is made before the run starts or while it goes on.
 *
 * Since: 1.0
 */
enum
{
  ON_STARTED,
  ON_STALLED,
  ON_FINISHED,
  ON_CHANGED
};

G_DEFINE_FINAL_TYPE (DagschedPublisher, dagsched_publisher, G_TYPE_OBJECT)

static gboolean on_asked (int fd, GIOCondition condition, gpointer data);

static GBytes *
encode_info (DagschedPublisher *self)
{
  const DagschedLiveInfo info = {
    .name = dagsched_run_get_name (self->run),
    .log_path = self->log_path,
    .started_at = dagsched_run_get_started_at (self->run),
    .n_tests = g_list_model_get_n_items (dagsched_run_get_tests (self->run)),
  };

  return dagsched_live_encode_info (&info);
}

/* Where the caller is called from: that is iterated. */
static GMainContext *
ref_context (void)
{
  GSource *source = g_main_current_source ();
  GMainContext *context = source != NULL ? g_source_get_context (source) : NULL;

  return context != NULL ? g_main_context_ref (context) : g_main_context_ref_thread_default ();
}

/* A run may be shown in a context that did not exist when this was made. */
static void
listen_here (DagschedPublisher *self)
{
  g_autoptr (GMainContext) context = ref_context ();
  GSource *source;

  for (guint i = 0; i < self->sources->len; i++)
    {
      if (g_source_get_context (g_ptr_array_index (self->sources, i)) == context)
        return;
    }

  source = g_unix_fd_source_new (dagsched_live_mailbox_get_fd (dagsched_live_server_get_asked (self->server)),
                                 G_IO_IN);
  g_source_set_static_name (source, "dagsched observers");
  g_source_set_callback (source, G_SOURCE_FUNC (on_asked), self, NULL);
  g_source_attach (source, context);
  g_ptr_array_add (self->sources, source);
}

static void
stop_timer (GSource **timer)
{
  if (*timer == NULL)
    return;

  g_source_destroy (*timer);
  g_clear_pointer (timer, g_source_unref);
}

static void on_tests_changed (DagschedRun *run, GArray *numbers, DagschedPublisher *self);

static void
watch_run (DagschedPublisher *self, gboolean watch)
{
  if (watch && self->handlers[ON_CHANGED] == 0)
    self->handlers[ON_CHANGED] =
      g_signal_connect (self->run, "tests-changed", G_CALLBACK (on_tests_changed), self);
  else if (!watch)
    g_clear_signal_handler (&self->handlers[ON_CHANGED], self->run);
}

/* Takes what @tell refers to. Who gets a state, gets each change after it; who falls behind gets none. */
static void
tell_all (DagschedPublisher *self, const DagschedLiveTell *tell)
{
  gboolean has_watchers = dagsched_live_server_tell (self->server, tell);

  watch_run (self, has_watchers && !self->ended);
}

/* Takes @frame. */
static void
tell_frame (DagschedPublisher *self, DagschedLiveTellKind kind, GBytes *frame)
{
  tell_all (self, &(DagschedLiveTell){ .kind = kind, .frame = frame });
}

static void
tell_changes (DagschedPublisher *self)
{
  g_autoptr (GPtrArray) frames = dagsched_live_feed_take_changes (self->feed);

  stop_timer (&self->timer);
  self->told_at = g_get_monotonic_time ();
  for (guint i = 0; i < frames->len; i++)
    tell_frame (self, DAGSCHED_LIVE_TELL_CHANGES, g_steal_pointer (&g_ptr_array_index (frames, i)));
}

static gboolean
on_time (gpointer data)
{
  tell_changes (data);
  return G_SOURCE_REMOVE;
}

static void
start_timer (DagschedPublisher *self, GSource **timer, gint64 wait_us, GSourceFunc func)
{
  g_autoptr (GMainContext) context = ref_context ();

  *timer = g_timeout_source_new ((guint) (wait_us / 1000 + 1));
  g_source_set_static_name (*timer, "dagsched observers wait");
  g_source_set_callback (*timer, func, self, NULL);
  g_source_attach (*timer, context);
}

static void
on_tests_changed (DagschedRun *run, GArray *numbers, DagschedPublisher *self)
{
  gint64 since = g_get_monotonic_time () - self->told_at;
  gboolean were_many = dagsched_live_feed_count_noted (self->feed) >= MANY;
  gint64 interval;

  dagsched_live_feed_note (self->feed, numbers);
  interval = dagsched_live_feed_count_noted (self->feed) >= MANY ? INTERVAL : LONG_INTERVAL;
  if (since >= interval)
    {
      tell_changes (self);
    }
  else if (self->timer == NULL || (interval == INTERVAL && !were_many))
    {
      /* While tests change, the next time that this is called comes first: a timer would be a wake-up of its own. */
      stop_timer (&self->timer);
      start_timer (self, &self->timer, interval + interval / 2 - since, on_time);
    }
}

static void
tell_state (DagschedPublisher *self, DagschedLiveTellKind kind)
{
  gint64 begin_us = g_get_monotonic_time ();
  DagschedLiveDocument *state;

  stop_timer (&self->state_timer);
  if (self->feed == NULL)
    self->feed = dagsched_live_feed_new (self->run);
  if (self->plan == NULL)
    self->plan = dagsched_live_encode_plan (self->run);

  /* What comes next goes on from what the state says. */
  tell_changes (self);
  state = dagsched_live_feed_encode_state (self->feed);
  tell_all (self, &(DagschedLiveTell){
                    .kind = kind,
                    .plan = self->plan != NULL ? dagsched_live_document_ref (self->plan) : NULL,
                    .document = state,
                  });
  self->state_due = g_get_monotonic_time ();
  self->state_due += STATE_PAUSE * (self->state_due - begin_us);
}

static gboolean
on_state_due (gpointer data)
{
  DagschedPublisher *self = data;

  tell_state (self, DAGSCHED_LIVE_TELL_STATE);
  return G_SOURCE_REMOVE;
}

static void
tell_state_again (DagschedPublisher *self)
{
  gint64 wait_us = self->state_due - g_get_monotonic_time ();

  if (wait_us <= 0)
    on_state_due (self);
  else if (self->state_timer == NULL)
    start_timer (self, &self->state_timer, wait_us, on_state_due);
}

/* The graph may have been shown as an earlier run left it. */
static void
on_started (DagschedRun *run, GParamSpec *pspec, DagschedPublisher *self)
{
  listen_here (self);
  tell_frame (self, DAGSCHED_LIVE_TELL_INFO, encode_info (self));
  if (self->feed == NULL)
    return;

  stop_timer (&self->timer);
  g_clear_pointer (&self->feed, dagsched_live_feed_free);
  tell_state (self, DAGSCHED_LIVE_TELL_RESTART);
}

static void
on_stalled (DagschedRun *run, const char *message, DagschedPublisher *self)
{
  g_free (self->stall);
  self->stall = g_strdup (message);
}

static void
tell_end (DagschedPublisher *self)
{
  DagschedLiveTell tell = { .kind = DAGSCHED_LIVE_TELL_END };

  if (self->ended)
    return;

  self->ended = TRUE;
  watch_run (self, FALSE);
  tell.frame = dagsched_live_encode_end (self->run, self->stall);
  if (self->feed != NULL)
    {
      tell_changes (self);
      tell.plan = self->plan != NULL ? dagsched_live_document_ref (self->plan) : NULL;
      tell.document = dagsched_live_feed_encode_state (self->feed);
    }
  tell_all (self, &tell);
}

static void
on_finished (DagschedRun *run, DagschedPublisher *self)
{
  tell_end (self);
}

/* What observers ask for. */

static void
cancel (DagschedPublisher *self, gboolean kill)
{
  if (dagsched_run_can_cancel (self->run))
    dagsched_run_cancel (self->run, kill);
}

static void
answer (DagschedPublisher *self, const DagschedLiveAsk *ask)
{
  switch (ask->kind)
    {
    case DAGSCHED_LIVE_ASK_STATE:
      tell_state (self, DAGSCHED_LIVE_TELL_STATE);
      break;
    case DAGSCHED_LIVE_ASK_AGAIN:
      tell_state_again (self);
      break;
    case DAGSCHED_LIVE_ASK_DETAILS:
      dagsched_publisher_answer_details (self, ask);
      break;
    case DAGSCHED_LIVE_ASK_WRITTEN:
      dagsched_publisher_answer_written (self, ask);
      break;
    case DAGSCHED_LIVE_ASK_FOLLOW:
      dagsched_publisher_follow (self, ask->number);
      break;
    case DAGSCHED_LIVE_ASK_UNFOLLOW:
      dagsched_publisher_unfollow (self, ask->number);
      break;
    case DAGSCHED_LIVE_ASK_CANCEL:
    case DAGSCHED_LIVE_ASK_KILL:
      cancel (self, ask->kind == DAGSCHED_LIVE_ASK_KILL);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* One thing at a time, so that windows are drawn in between. */
static gboolean
on_asked (int fd, GIOCondition condition, gpointer data)
{
  g_autoptr (DagschedPublisher) self = g_object_ref (data);
  DagschedLiveMailbox *asked = dagsched_live_server_get_asked (self->server);
  g_autofree DagschedLiveAsk *ask = NULL;

  dagsched_live_mailbox_clear (asked);
  ask = dagsched_live_mailbox_take (asked);
  if (ask == NULL)
    return G_SOURCE_CONTINUE;

  dagsched_live_mailbox_wake (asked);
  answer (self, ask);
  return G_SOURCE_CONTINUE;
}

/* Who came at the last moment sees how it ended. */
static void
answer_the_last (DagschedPublisher *self)
{
  DagschedLiveMailbox *asked = dagsched_live_server_get_asked (self->server);
  DagschedLiveAsk *ask;

  while ((ask = dagsched_live_mailbox_take (asked)) != NULL)
    {
      if (ask->kind == DAGSCHED_LIVE_ASK_STATE || ask->kind == DAGSCHED_LIVE_ASK_AGAIN)
        tell_state (self, DAGSCHED_LIVE_TELL_STATE);
      g_free (ask);
    }
}

/**
 * dagsched_publisher_close:
 * @self: a publisher
 *
 * Ends the publishing, and removes the socket. Observers that read on still get what was told until now; nobody
 * waits for them. It may be called again. Giving up the last reference does the same.
 *
 * Since: 1.0
 */
void
dagsched_publisher_close (DagschedPublisher *self)
{
  g_return_if_fail (DAGSCHED_IS_PUBLISHER (self));

  if (self->server == NULL)
    return;

  /* A run that could not start ends without a signal. */
  if (dagsched_run_get_verdict (self->run) != DAGSCHED_VERDICT_NONE)
    tell_end (self);
  answer_the_last (self);
  for (guint i = 0; i < G_N_ELEMENTS (self->handlers); i++)
    g_clear_signal_handler (&self->handlers[i], self->run);
  g_hash_table_remove_all (self->followed);
  stop_timer (&self->timer);
  stop_timer (&self->state_timer);
  for (guint i = 0; i < self->sources->len; i++)
    g_source_destroy (g_ptr_array_index (self->sources, i));
  g_ptr_array_set_size (self->sources, 0);
  g_clear_pointer (&self->server, dagsched_live_server_free);
  g_clear_pointer (&self->feed, dagsched_live_feed_free);
  g_clear_pointer (&self->plan, dagsched_live_document_unref);
}

static void
dagsched_publisher_dispose (GObject *object)
{
  DagschedPublisher *self = DAGSCHED_PUBLISHER (object);

  if (self->run != NULL)
    dagsched_publisher_close (self);
  g_clear_object (&self->run);

  G_OBJECT_CLASS (dagsched_publisher_parent_class)->dispose (object);
}

static void
dagsched_publisher_finalize (GObject *object)
{
  DagschedPublisher *self = DAGSCHED_PUBLISHER (object);

  g_ptr_array_unref (self->sources);
  g_hash_table_unref (self->followed);
  g_free (self->log_path);
  g_free (self->path);
  g_free (self->stall);

  G_OBJECT_CLASS (dagsched_publisher_parent_class)->finalize (object);
}

static void
dagsched_publisher_class_init (DagschedPublisherClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = dagsched_publisher_dispose;
  object_class->finalize = dagsched_publisher_finalize;
}

static void
dagsched_publisher_init (DagschedPublisher *self)
{
  self->sources = g_ptr_array_new_with_free_func ((GDestroyNotify) g_source_unref);
  self->followed = dagsched_publisher_new_followed ();
}

static gboolean
open_server (DagschedPublisher *self, GError **error)
{
  self->server = dagsched_live_server_new (
    encode_info (self), g_list_model_get_n_items (dagsched_run_get_tests (self->run)), error);
  if (self->server == NULL)
    return FALSE;

  self->path = g_strdup (dagsched_live_server_get_path (self->server));
  self->handlers[ON_STARTED] =
    g_signal_connect (self->run, "notify::started-at", G_CALLBACK (on_started), self);
  self->handlers[ON_STALLED] = g_signal_connect (self->run, "stalled", G_CALLBACK (on_stalled), self);
  self->handlers[ON_FINISHED] = g_signal_connect (self->run, "finished", G_CALLBACK (on_finished), self);
  listen_here (self);
  return TRUE;
}

/**
 * dagsched_publisher_new:
 * @run: a run; a scheduler has to be prepared
 * @log_path: (nullable) (type filename): where the run's log is written, for those who want to look there after
 *   the run
 * @error: return location for an error
 *
 * Publishes a run. Observers can come from now on; what they ask for is done in the thread-default main context of
 * the caller, and in that in which the run is shown.
 *
 * Fails with %DAGSCHED_ERROR_FAILED or %DAGSCHED_ERROR_NOT_FOUND where no socket can be made: nobody can watch then,
 * which is no reason not to run.
 *
 * Returns: (transfer full): a publisher, or %NULL with @error set
 *
 * Since: 1.0
 */
DagschedPublisher *
dagsched_publisher_new (DagschedRun *run, const char *log_path, GError **error)
{
  g_autoptr (DagschedPublisher) self = NULL;

  g_return_val_if_fail (DAGSCHED_IS_RUN (run), NULL);
  g_return_val_if_fail (dagsched_run_get_tests (run) != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = g_object_new (DAGSCHED_TYPE_PUBLISHER, NULL);
  self->run = g_object_ref (run);
  self->log_path = log_path != NULL ? g_canonicalize_filename (log_path, NULL) : NULL;

  return open_server (self, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * dagsched_publisher_get_run:
 * @self: a publisher
 *
 * Gets what is published.
 *
 * Returns: (transfer none): the run
 *
 * Since: 1.0
 */
DagschedRun *
dagsched_publisher_get_run (DagschedPublisher *self)
{
  g_return_val_if_fail (DAGSCHED_IS_PUBLISHER (self), NULL);

  return self->run;
}

/**
 * dagsched_publisher_get_path:
 * @self: a publisher
 *
 * Gets where it is published: an address for [func@Observer.connect_async].
 *
 * Returns: (transfer none) (type filename): the path of the socket
 *
 * Since: 1.0
 */
const char *
dagsched_publisher_get_path (DagschedPublisher *self)
{
  g_return_val_if_fail (DAGSCHED_IS_PUBLISHER (self), NULL);

  return self->path;
}

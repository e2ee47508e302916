/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live/dagsched-live-runs.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/dagsched-error.h"
#include "live/dagsched-live-directory-private.h"
#include "live/dagsched-live-link-private.h"
#include "live/dagsched-live-run-private.h"

/**
 * DagschedLiveRuns:
 *
 * The runs of this user that can be observed just now: a list model of [class@LiveRun].
 *
 * It changes as runs begin and end, in the thread-default main context in which it was made. Nothing is asked again
 * and again for that: the directory of the sockets is watched, and a run that ends, or dies, hangs up. Sockets that
 * were left behind by runs that died are removed.
 *
 * Since: 1.0
 */
struct _DagschedLiveRuns
{
  GObject parent_instance;

  char *path;
  int directory;
  GMainContext *context;
  GFileMonitor *monitor;
  GHashTable *calls; /* name of a socket → Call */
  GListStore *runs;
};

/* A connection that is kept to be told of its end. */
typedef struct
{
  DagschedLiveRuns *runs;
  char *name;
  DagschedLiveLink *link;
  GSource *source;
  DagschedLiveRun *run; /* (nullable) until it has said what it is */
} Call;

static void dagsched_live_runs_list_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (DagschedLiveRuns,
                               dagsched_live_runs,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, dagsched_live_runs_list_init))

static GType
get_item_type (GListModel *list)
{
  return DAGSCHED_TYPE_LIVE_RUN;
}

static guint
get_n_items (GListModel *list)
{
  return g_list_model_get_n_items (G_LIST_MODEL (DAGSCHED_LIVE_RUNS (list)->runs));
}

static gpointer
get_item (GListModel *list, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (DAGSCHED_LIVE_RUNS (list)->runs), position);
}

static void
dagsched_live_runs_list_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
call_free (gpointer data)
{
  Call *self = data;

  g_source_destroy (self->source);
  g_source_unref (self->source);
  dagsched_live_link_free (self->link);
  g_clear_object (&self->run);
  g_free (self->name);
  g_free (self);
}

static gboolean
is_own_socket (DagschedLiveRuns *self, const char *name)
{
  struct stat status;

  return fstatat (self->directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISSOCK (status.st_mode) &&
         status.st_uid == geteuid ();
}

/* -1: there is no run. What is left of it goes, if nobody listens there any more. */
static int
connect_to (DagschedLiveRuns *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->path, name, NULL);
  g_autoptr (GError) error = NULL;
  int fd = dagsched_live_socket_connect (path, &error);

  if (fd >= 0 && !dagsched_live_socket_is_own (fd))
    {
      close (fd);
      return -1;
    }
  if (fd < 0 && g_error_matches (error, DAGSCHED_ERROR, DAGSCHED_ERROR_NOT_FOUND) &&
      is_own_socket (self, name))
    dagsched_live_socket_remove (self->directory, name);

  return fd;
}

static void call_up (DagschedLiveRuns *self, const char *name);

/* A run that died leaves its socket, which may take connections a moment longer than it keeps them: then the end of
 * such a connection is waited for. One that ends without a word is not tried again. */
static void
clear_socket (DagschedLiveRuns *self, const char *name, gboolean was_run)
{
  int fd;

  if (was_run)
    {
      call_up (self, name);
      return;
    }

  fd = connect_to (self, name);
  if (fd >= 0)
    close (fd);
}

static void
hang_up (DagschedLiveRuns *self, Call *call)
{
  g_autofree char *name = g_strdup (call->name);
  g_autoptr (DagschedLiveRun) run = call->run != NULL ? g_object_ref (call->run) : NULL;
  guint position;

  g_hash_table_remove (self->calls, name);
  clear_socket (self, name, run != NULL);
  if (run != NULL && g_list_store_find (self->runs, run, &position))
    g_list_store_remove (self->runs, position);
}

static void
show (Call *call, const DagschedLiveKnown *known)
{
  g_autofree char *path = NULL;

  if (call->run != NULL)
    {
      dagsched_live_run_set_started_at (call->run, known->started_at);
      return;
    }

  path = g_build_filename (call->runs->path, call->name, NULL);
  call->run = dagsched_live_run_new (path, known);
  g_list_store_append (call->runs->runs, call->run);
}

/* FALSE: it is no run that this program could show. */
static gboolean
take_info (Call *call, const DagschedLiveFrame *frame)
{
  DagschedLiveKnown known = { 0 };
  gboolean understood;

  if (frame->type != DAGSCHED_LIVE_INFO || !dagsched_live_decode_info (frame->payload, frame->length, &known))
    return FALSE;

  understood = known.magic == DAGSCHED_LIVE_MAGIC && known.version == DAGSCHED_LIVE_VERSION;
  if (understood)
    show (call, &known);
  dagsched_live_known_clear (&known);
  return understood;
}

static gboolean
on_readable (int fd, GIOCondition condition, gpointer data)
{
  Call *call = data;
  /* Who is told may give up the list. */
  g_autoptr (DagschedLiveRuns) runs = g_object_ref (call->runs);
  DagschedLiveRead status = dagsched_live_link_read (call->link);
  gboolean broken = FALSE, understood = TRUE;
  DagschedLiveFrame frame;

  while (understood && dagsched_live_link_take (call->link, &frame, &broken))
    understood = take_info (call, &frame);
  if (understood && !broken && status == DAGSCHED_LIVE_READ_MORE)
    return G_SOURCE_CONTINUE;

  hang_up (runs, call);
  return G_SOURCE_REMOVE;
}

static void
call_up (DagschedLiveRuns *self, const char *name)
{
  int fd = connect_to (self, name);
  Call *call;

  if (fd < 0)
    return;

  call = g_new0 (Call, 1);
  call->runs = self;
  call->name = g_strdup (name);
  call->link = dagsched_live_link_new (fd, DAGSCHED_LIVE_MAX_PAYLOAD, FALSE);
  call->source = g_unix_fd_source_new (fd, G_IO_IN);
  g_source_set_static_name (call->source, "dagsched live run");
  g_source_set_callback (call->source, G_SOURCE_FUNC (on_readable), call, NULL);
  g_source_attach (call->source, self->context);
  g_hash_table_insert (self->calls, call->name, call);
}

static void
look (DagschedLiveRuns *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      if (*name != '.' && g_str_has_suffix (name, DAGSCHED_LIVE_SUFFIX) &&
          !g_hash_table_contains (self->calls, name))
        call_up (self, name);
    }
}

static void
on_directory_changed (GFileMonitor *monitor,
                      GFile *file,
                      GFile *other,
                      GFileMonitorEvent event,
                      DagschedLiveRuns *self)
{
  if (event == G_FILE_MONITOR_EVENT_CREATED || event == G_FILE_MONITOR_EVENT_MOVED_IN ||
      event == G_FILE_MONITOR_EVENT_RENAMED)
    look (self);
}

static void
dagsched_live_runs_dispose (GObject *object)
{
  DagschedLiveRuns *self = DAGSCHED_LIVE_RUNS (object);

  if (self->monitor != NULL)
    g_file_monitor_cancel (self->monitor);
  if (self->monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_object (&self->monitor);
  g_hash_table_remove_all (self->calls);

  G_OBJECT_CLASS (dagsched_live_runs_parent_class)->dispose (object);
}

static void
dagsched_live_runs_finalize (GObject *object)
{
  DagschedLiveRuns *self = DAGSCHED_LIVE_RUNS (object);

  if (self->directory >= 0)
    close (self->directory);
  g_hash_table_unref (self->calls);
  g_object_unref (self->runs);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_free (self->path);

  G_OBJECT_CLASS (dagsched_live_runs_parent_class)->finalize (object);
}

static void
dagsched_live_runs_class_init (DagschedLiveRunsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = dagsched_live_runs_dispose;
  object_class->finalize = dagsched_live_runs_finalize;
}

static void
on_items_changed (GListModel *runs, guint position, guint removed, guint added, GListModel *self)
{
  g_list_model_items_changed (self, position, removed, added);
}

static void
dagsched_live_runs_init (DagschedLiveRuns *self)
{
  self->directory = -1;
  self->calls = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, call_free);
  self->runs = g_list_store_new (DAGSCHED_TYPE_LIVE_RUN);
  g_signal_connect_object (self->runs, "items-changed", G_CALLBACK (on_items_changed), self, 0);
}

static gboolean
watch_directory (DagschedLiveRuns *self, GError **error)
{
  g_autoptr (GFile) file = NULL;

  self->path = dagsched_live_directory_dup_path ();
  self->directory = dagsched_live_directory_open (TRUE, error);
  if (self->directory < 0)
    return FALSE;

  file = g_file_new_for_path (self->path);
  self->monitor = g_file_monitor_directory (file, G_FILE_MONITOR_WATCH_MOVES, NULL, error);
  if (self->monitor == NULL)
    return FALSE;

  g_signal_connect (self->monitor, "changed", G_CALLBACK (on_directory_changed), self);
  return TRUE;
}

/**
 * dagsched_live_runs_new:
 * @error: return location for an error
 *
 * Looks for the runs of this user, and goes on doing so. Those that are there already appear once the
 * thread-default main context of the caller is iterated.
 *
 * Fails with %DAGSCHED_ERROR_FAILED where the directory of the sockets can't be used, or watched.
 *
 * Returns: (transfer full): a list model, or %NULL with @error set
 *
 * Since: 1.0
 */
DagschedLiveRuns *
dagsched_live_runs_new (GError **error)
{
  g_autoptr (DagschedLiveRuns) self = g_object_new (DAGSCHED_TYPE_LIVE_RUNS, NULL);

  self->context = g_main_context_ref_thread_default ();
  if (!watch_directory (self, error))
    return NULL;

  look (self);
  return g_steal_pointer (&self);
}

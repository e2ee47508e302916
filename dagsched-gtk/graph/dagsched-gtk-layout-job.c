/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/dagsched-gtk-layout-private.h"

/* Lays out in a thread, and hands over in the thread that asked. */

typedef struct
{
  DagschedGtkLayoutGraph *graph;
  GCancellable *cancellable;
  GMainContext *context;
  DagschedGtkLayoutReady ready;
  gpointer user_data;
  GDestroyNotify destroy;
} Job;

typedef struct
{
  Job *job;
  DagschedGtkLayout *layout; /* NULL: the job has ended */
  gboolean more;
} Delivery;

static void
job_free (Job *job)
{
  if (job->destroy != NULL)
    job->destroy (job->user_data);
  dagsched_gtk_layout_graph_free (job->graph);
  g_object_unref (job->cancellable);
  g_main_context_unref (job->context);
  g_free (job);
}

static gboolean
deliver (gpointer user_data)
{
  Delivery *delivery = user_data;
  Job *job = delivery->job;

  if (delivery->layout == NULL)
    job_free (job);
  else if (!g_cancellable_is_cancelled (job->cancellable))
    job->ready (g_steal_pointer (&delivery->layout), delivery->more, job->user_data);

  return G_SOURCE_REMOVE;
}

static void
delivery_free (gpointer user_data)
{
  Delivery *delivery = user_data;

  g_clear_pointer (&delivery->layout, dagsched_gtk_layout_unref);
  g_free (delivery);
}

/* Never at once, not even when this thread could own the context: what is called may take its time. */
static void
send (Job *job, DagschedGtkLayout *layout, gboolean more)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Delivery *delivery = g_new0 (Delivery, 1);

  delivery->job = job;
  delivery->layout = layout;
  delivery->more = more;
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "[dagsched-gtk] layout");
  g_source_set_callback (source, deliver, delivery, delivery_free);
  g_source_attach (source, job->context);
}

static void
send_layout (DagschedGtkLayout *layout, gboolean more, gpointer user_data)
{
  send (user_data, layout, more);
}

static gpointer
lay_out (gpointer user_data)
{
  Job *job = user_data;

  dagsched_gtk_layout_make (job->graph, job->cancellable, send_layout, job);
  send (job, NULL, FALSE);

  return NULL;
}

void
dagsched_gtk_layout_make_async (DagschedGtkLayoutGraph *graph,
                                GCancellable *cancellable,
                                DagschedGtkLayoutReady ready,
                                gpointer user_data,
                                GDestroyNotify destroy)
{
  Job *job = g_new0 (Job, 1);
  GThread *thread;

  job->graph = graph;
  job->cancellable = g_object_ref (cancellable);
  job->context = g_main_context_ref_thread_default ();
  job->ready = ready;
  job->user_data = user_data;
  job->destroy = destroy;

  /* Where there is no thread to be had it takes this one's time. */
  thread = g_thread_try_new ("dagsched-layout", lay_out, job, NULL);
  if (thread != NULL)
    g_thread_unref (thread);
  else
    lay_out (job);
}

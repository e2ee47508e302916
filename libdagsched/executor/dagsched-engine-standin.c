/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/dagsched-engine-private.h"

/* Until the engine is there. Its definitions replace these. */

__attribute__ ((weak)) DagschedEngineThread *
dagsched_engine_attach (DagschedEngine *engine)
{
  g_assert_not_reached ();
}

__attribute__ ((weak)) const DagschedPlanView *
dagsched_engine_get_view (DagschedEngine *engine)
{
  g_assert_not_reached ();
}

__attribute__ ((weak)) void
dagsched_engine_complete (DagschedEngine *engine,
                          DagschedEngineThread *thread,
                          const DagschedTicket *ticket,
                          DagschedResult *result)
{
  g_assert_not_reached ();
}

__attribute__ ((weak)) void
dagsched_engine_output (DagschedEngine *engine,
                        DagschedEngineThread *thread,
                        const DagschedTicket *ticket,
                        gboolean is_error,
                        const char *data,
                        gsize length)
{
  g_assert_not_reached ();
}

__attribute__ ((weak)) void
dagsched_engine_fail (DagschedEngine *engine, GError *error)
{
  g_assert_not_reached ();
}

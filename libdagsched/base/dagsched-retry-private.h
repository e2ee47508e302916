/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define DAGSCHED_MAX_RETRY_DELAY_NS (60 * G_GINT64_CONSTANT (1000000000))

/* How long a test waits after its attempt number @attempt (1…) has failed: @first_ns after the first,
 * twice as long after each further one, a minute at most. */
static inline gint64
dagsched_retry_delay_ns (gint64 first_ns, guint attempt)
{
  return MIN (MIN (first_ns, DAGSCHED_MAX_RETRY_DELAY_NS) << MIN (attempt - 1, 16),
              DAGSCHED_MAX_RETRY_DELAY_NS);
}

G_END_DECLS

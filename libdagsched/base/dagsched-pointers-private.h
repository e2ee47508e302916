/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Turns an array round: for what is found last first. To insert each at the front would move all the others, each time. */
static inline void
dagsched_pointers_reverse (GPtrArray *array)
{
  for (guint first = 0, last = array->len; first + 1 < last; first++)
    {
      gpointer pointer = array->pdata[first];

      array->pdata[first] = array->pdata[--last];
      array->pdata[last] = pointer;
    }
}

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dagsched-gtk-look-private.h"

G_BEGIN_DECLS

/* What ran in a column of pixels, for spans that are narrower: shares of its time, 0–1. */
typedef struct
{
  float success, failure, other;
  guint8 failure_look, other_look; /* the last one; if there is any */
} DagschedGtkDensity;

/* @columns begin at @time, each @scale seconds. What lies outside is left out. */
void dagsched_gtk_density_add (DagschedGtkDensity *columns,
                               guint n_columns,
                               double time,
                               double scale,
                               double start,
                               double end,
                               DagschedGtkLook look);

/* How a column of @height pixels is divided, from the bottom up: failures, other, success. The sum is at
 * most the height. A failure is always seen, and so is a span of no length. */
typedef struct
{
  guint failure, other, success;
} DagschedGtkDensityBar;

DagschedGtkDensityBar dagsched_gtk_density_get_bar (const DagschedGtkDensity *self, guint height);

G_END_DECLS

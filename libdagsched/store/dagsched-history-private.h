/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <sqlite3.h>

#include "store/dagsched-history.h"

G_BEGIN_DECLS

/* The mean without the least and the greatest quarter, rounded: of three it is the median. Sorts
 * @durations. */
double dagsched_history_robust_mean (double *durations, guint n_durations);

sqlite3 *dagsched_history_get_database (DagschedHistory *self);

G_END_DECLS

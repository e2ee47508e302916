/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include <gio/gio.h>

#include "base/dagsched-enums.h"
#include "plan/dagsched-selection.h"

G_BEGIN_DECLS

#define DAGSCHED_TYPE_OPTIONS (dagsched_options_get_type ())

/* How a run is carried out: properties only; read once when the run starts. */
DAGSCHED_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (DagschedOptions, dagsched_options, DAGSCHED, OPTIONS, GObject)

DAGSCHED_AVAILABLE_IN_1_0
DagschedOptions *dagsched_options_new (void);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_options_set_wrapper (DagschedOptions *self, const char *const *argv);

G_END_DECLS

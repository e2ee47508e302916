/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include <gio/gio.h>

#include "base/dagsched-version-macros.h"

G_BEGIN_DECLS

#define DAGSCHED_TYPE_RESOURCE (dagsched_resource_get_type ())

DAGSCHED_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (DagschedResource, dagsched_resource, DAGSCHED, RESOURCE, GObject)

DAGSCHED_AVAILABLE_IN_1_0
DagschedResource *dagsched_resource_new (const char *name, guint capacity);
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_resource_get_name (DagschedResource *self);
DAGSCHED_AVAILABLE_IN_1_0
guint dagsched_resource_get_capacity (DagschedResource *self);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_GTK_INSIDE) && !defined(DAGSCHED_GTK_COMPILATION)
#error "Only <dagsched-gtk.h> can be included directly."
#endif

#include "base/dagsched-gtk-version-macros.h"

G_BEGIN_DECLS

DAGSCHED_GTK_AVAILABLE_IN_1_0
void dagsched_gtk_init (void);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include "base/dagsched-version-macros.h"

G_BEGIN_DECLS

DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_get_version (void);

G_END_DECLS

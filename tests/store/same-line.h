/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "store/dagsched-log-parse-private.h"

G_BEGIN_DECLS

void assert_same_line (const DagschedLogLine *a, const DagschedLogLine *b);

G_END_DECLS

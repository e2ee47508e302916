/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#define DAGSCHED_GTK_INSIDE

#include "base/dagsched-gtk-init.h"
#include "summary/dagsched-gtk-run-summary.h"
#include "timeline/dagsched-gtk-timeline-view.h"
#include "list/dagsched-gtk-test-list.h"
#include "details/dagsched-gtk-test-details.h"
#include "graph/dagsched-gtk-graph-view.h"

#undef DAGSCHED_GTK_INSIDE

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/dagsched-sink-private.h"

G_BEGIN_DECLS

/* Writes XML 1.0, piece by piece: an output of many megabytes is never held a second time. What
 * XML can't hold is replaced: control characters by their pictures (U+2400…), the rest by U+FFFD. */

void dagsched_xml_write_text (DagschedSink *sink, const char *text, gssize length);
/* " name="value"", with line ends kept; nothing if @value is NULL. */
void dagsched_xml_write_attribute (DagschedSink *sink, const char *name, const char *value);
void dagsched_xml_write_uint (DagschedSink *sink, const char *name, guint value);
void dagsched_xml_write_seconds (DagschedSink *sink, const char *name, double seconds);

G_END_DECLS

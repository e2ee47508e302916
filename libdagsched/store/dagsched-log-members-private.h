/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Members of objects in a run log, whatever is there: what is absent or of another type gives the
 * fallback. A text is a string, or an object {"base64": …}. */

gint64 dagsched_log_get_int (JsonObject *object, const char *member, gint64 min, gint64 max, gint64 fallback);
gint64 dagsched_log_get_node_int (JsonNode *node, gint64 min, gint64 max, gint64 fallback);
double dagsched_log_get_double (JsonObject *object, const char *member); /* ≥ 0 */
gboolean dagsched_log_get_boolean (JsonObject *object, const char *member);
char *dagsched_log_dup_text (JsonObject *object, const char *member);
char *dagsched_log_dup_node_text (JsonNode *node);
char **dagsched_log_dup_node_list (JsonNode *node); /* @node: (nullable); NULL: no array of texts */
GBytes *dagsched_log_get_bytes (JsonObject *object, const char *member);

/* Sets the property by the name of @member, if the value can be one of it. */
void dagsched_log_set_property (JsonObject *object, const char *member, GObject *target);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Values of options. @option is as the user wrote it, for the message; errors are
 * G_OPTION_ERROR_BAD_VALUE and say what the option takes. */

gboolean cli_value_parse_uint (const char *option,
                               const char *value,
                               guint64 minimum,
                               guint64 maximum,
                               guint64 *result,
                               GError **error);
gboolean cli_value_parse_double (const char *option,
                                 const char *value,
                                 double minimum,
                                 double maximum,
                                 double *result,
                                 GError **error);
/* Bytes: a number, with K, M or G for powers of 1024. */
gboolean cli_value_parse_size (const char *option, const char *value, guint64 *result, GError **error);
/* @choices is NULL-terminated; @result is the position in it. */
gboolean cli_value_parse_choice (const char *option,
                                 const char *value,
                                 const char *const *choices,
                                 guint *result,
                                 GError **error);
/* Names of tests and suites are UTF-8: anything else could match nothing. */
gboolean cli_value_check_utf8 (const char *option, const char *value, GError **error);

G_END_DECLS

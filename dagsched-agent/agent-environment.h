/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The environment of an attempt: @inherited without the names in @unset, then @own, then @env, where a
 * later definition replaces an earlier one. All but the first are lists that end with NULL. Free the
 * result with free(); its strings stay the callers'. */
char **agent_environment_build (char **inherited, const char **unset, const char **own, const char **env);

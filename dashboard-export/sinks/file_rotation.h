/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of files that are full: "PATH.20261201T081502Z", with "-1", "-2" and so on behind it where
 * several were put aside in a second. Knows which of them are the newest. Any thread may call it,
 * one at a time for a path.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/**
 * Puts the file at `path` aside under its name for `time_s` (UTC), never over another one, and
 * removes all but the `keep` newest of those put aside before. Returns 0, or -errno where the file
 * still has its name; that old ones could not be removed is no error.
 */
int file_rotation_put_aside(const char *path, int64_t time_s, uint32_t keep);

/** Makes the names in the folder of `path` durable. Returns 0 or -errno. */
int file_rotation_sync_folder(const char *path);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the messages of one batch are spread over requests, and which of them a receiver is to blame
 * for refusing. One that refuses a request because of one message has the request halved until that
 * message is alone: it is passed over, all others arrive. Pure; knows neither HTTP nor messages.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/** So many refusals in a row, and nothing taken ever: the fault is not in the messages. */
#define REQUEST_SPLIT_REFUSALS_MAX 16

struct request_split {
	size_t count;   /**< messages of the batch */
	size_t at;      /**< those before it are settled */
	size_t suspect; /**< one of [at, suspect) is refused; no more than `at`: not known */
	size_t blamed;  /**< the one that the receiver named; SIZE_MAX: none */
	size_t refused; /**< single messages that were refused */
	/**
	 * The receiver has taken something of the batch before this one, or of this one. Else a
	 * refusal may as well mean that address or settings are wrong, or the receiver in trouble,
	 * and nothing may be given up for it; with the former alone, no more than a few.
	 */
	bool proven, took;
};

/** Begins a batch of `count`; `proven`: something of the one before was taken. */
void request_split_init(struct request_split *split, size_t count, bool proven);

/** How many messages from split->at on go into the next request, if no more than `fitting` fit;
 * 0 at the end. */
size_t request_split_next(const struct request_split *split, size_t fitting);

/** The first `count` messages are settled: `refused` of them refused one by one, the others taken.
 */
void request_split_settle(struct request_split *split, size_t count, size_t refused);

/** The request of `count` messages was refused because of one of them. */
void request_split_refused(struct request_split *split, size_t count);

/** After that: the receiver says that the one at split->at + `index` is to blame. It is believed
 * only for what to try next. */
void request_split_blame(struct request_split *split, size_t index);

/** Whether to go on: false once too much was refused without anything being taken. */
bool request_split_is_plausible(const struct request_split *split);

/** Whether what was refused will not be sent again. */
bool request_split_is_final(const struct request_split *split);

/** Messages that are settled for good and need not be sent again: none, where all that is settled
 * was refused and nothing has ever been taken. */
size_t request_split_settled(const struct request_split *split);

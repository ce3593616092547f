/* SPDX-License-Identifier: MIT */
#include "native/grace.h"

#include <jemalloc/jemalloc.h>
#include <urcu/urcu-memb.h>

struct call {
	struct rcu_head head;	/* liburcu's; first: the callback finds the call by it */
	int mallocx_flags;
	void (*func)(void *context, void *arg);
	void *context;
	void *arg;
};

void grace_register(void)
{
	urcu_memb_register_thread();
}

void grace_unregister(void)
{
	urcu_memb_unregister_thread();
}

void grace_read_lock(void)
{
	urcu_memb_read_lock();
}

void grace_read_unlock(void)
{
	urcu_memb_read_unlock();
}

void grace_synchronize(void)
{
	urcu_memb_synchronize_rcu();
}

/* Taken out of the memory before it runs: its context may not outlive the call. */
static void run_call(struct rcu_head *head)
{
	struct call *queued = (struct call *)head;
	void *arg = __atomic_load_n(&queued->arg, __ATOMIC_ACQUIRE);
	struct call call = *queued;

	dallocx(queued, call.mallocx_flags);
	call.func(call.context, arg);
}

bool grace_call(int mallocx_flags, void (*func)(void *context, void *arg), void *context,
		void *arg)
{
	struct call *call = mallocx(sizeof(*call), mallocx_flags);

	if (!call)
		return false;
	call->mallocx_flags = mallocx_flags;
	call->func = func;
	call->context = context;
	/* ThreadSanitizer does not see the order that liburcu's queue gives; it sees this */
	__atomic_store_n(&call->arg, arg, __ATOMIC_RELEASE);
	urcu_memb_call_rcu(&call->head, run_call);
	return true;
}

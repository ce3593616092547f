/* SPDX-License-Identifier: MIT */
/* The model's RCU is liburcu's. */
#include <mmref/linux/rcupdate.h>

#include <mmref/linux/bug.h>
#include "native/grace.h"
#include "native/machine.h"

static void native_read_lock(const struct mmref_site *site)
{
	(void)site;
	grace_read_lock();
	running()->rcu_nesting++;
	thread_dawdle(running());
}

static void native_read_unlock(const struct mmref_site *site)
{
	(void)site;
	thread_dawdle(running());
	running()->rcu_nesting--;
	grace_read_unlock();
}

static void native_synchronize(const struct mmref_site *site)
{
	if (running()->rcu_nesting)
		kernel_bug(site, NULL, "synchronize_rcu() inside a read section");
	thread_dawdle(running());
	grace_synchronize();
}

static void call_func(void *arg)
{
	struct rcu_head *head = arg;

	head->func(head);
}

static void run_callback(void *context, void *arg)
{
	struct machine *machine = context;

	thread_call(&machine->thread[CALLBACKS], call_func, arg);
	pthread_mutex_lock(&machine->lock);
	machine_one_less_awake(machine);
	pthread_mutex_unlock(&machine->lock);
}

static void native_call(const struct mmref_site *site, struct rcu_head *head,
			void (*func)(struct rcu_head *head))
{
	struct machine *machine = running()->machine;

	thread_dawdle(running());
	head->func = func;
	pthread_mutex_lock(&machine->lock);
	machine->awake++;
	pthread_mutex_unlock(&machine->lock);
	if (grace_call(machine->mallocx_flags, run_callback, machine, head))
		return;
	pthread_mutex_lock(&machine->lock);
	machine_one_less_awake(machine);
	pthread_mutex_unlock(&machine->lock);
	kernel_bug(site, NULL, "no memory for an RCU callback");
}

const struct rcu_flavour native_rcu = {
	.read_lock = native_read_lock,
	.read_unlock = native_read_unlock,
	.synchronize = native_synchronize,
	.call = native_call,
};

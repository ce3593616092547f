/* SPDX-License-Identifier: MIT */
#include <mmref/linux/spinlock.h>

static uint8_t me(void)
{
	return current->id + 1;
}

static bool spin_is_free(const void *lock)
{
	return PEEK(((const spinlock_t *)lock)->owner) == 0;
}

static bool take(spinlock_t *lock)
{
	uint8_t free = 0;

	if (!POKE_TRY_CMPXCHG(lock->owner, &free, me()))
		return false;
	leave_mark();
	return true;
}

static void lock_at(const struct mmref_site *site, spinlock_t *lock, enum sleep_state state)
{
	do {
		sleep_until(site, lock, sizeof(*lock), MMREF_RMW, state, spin_is_free, lock);
	} while (!take(lock));
}

void spin_lock_at(const struct mmref_site *site, spinlock_t *lock)
{
	lock_at(site, lock, TASK_SPINNING);
}
EXPORT_SYMBOL(spin_lock_at);

void mutex_lock_at(const struct mmref_site *site, struct mutex *mutex)
{
	lock_at(site, &mutex->lock, TASK_UNINTERRUPTIBLE);
}
EXPORT_SYMBOL(mutex_lock_at);

bool spin_trylock_at(const struct mmref_site *site, spinlock_t *lock)
{
	announce(site, lock, sizeof(*lock), MMREF_RMW, true);
	return take(lock);
}
EXPORT_SYMBOL(spin_trylock_at);

void spin_unlock_at(const struct mmref_site *site, spinlock_t *lock)
{
	announce(site, lock, sizeof(*lock), MMREF_WRITE, false);
	POKE(lock->owner, 0);
	take_mark();
	wake_sleepers(lock);
}
EXPORT_SYMBOL(spin_unlock_at);

bool spin_is_mine(const spinlock_t *lock)
{
	return PEEK(lock->owner) == me();
}
EXPORT_SYMBOL(spin_is_mine);

static bool no_writer(const void *arg)
{
	return PEEK(((const struct rw_semaphore *)arg)->writer) == 0;
}

static bool nobody(const void *arg)
{
	const struct rw_semaphore *sem = arg;

	return PEEK(sem->writer) == 0 && PEEK(sem->readers) == 0;
}

/*
 * Real threads: a reader shows itself and then looks for a writer, a writer
 * shows itself and then looks for readers, and whoever sees the other steps back.
 */
static bool take_read(struct rw_semaphore *sem)
{
	POKE_OR(sem->readers, 1u << current->id);
	if (PEEK_MB(sem->writer) == 0) {
		leave_mark();
		return true;
	}
	POKE_AND(sem->readers, ~(1u << current->id));
	wake_sleepers(sem);
	return false;
}

static bool take_write(struct rw_semaphore *sem)
{
	uint8_t free = 0;

	if (!POKE_TRY_CMPXCHG(sem->writer, &free, me()))
		return false;
	if (PEEK_MB(sem->readers) == 0) {
		leave_mark();
		return true;
	}
	POKE_MB(sem->writer, 0);
	wake_sleepers(sem);
	return false;
}

void down_read_at(const struct mmref_site *site, struct rw_semaphore *sem)
{
	do {
		sleep_until(site, sem, sizeof(*sem), MMREF_RMW, TASK_UNINTERRUPTIBLE, no_writer,
			    sem);
	} while (!take_read(sem));
}
EXPORT_SYMBOL(down_read_at);

void up_read_at(const struct mmref_site *site, struct rw_semaphore *sem)
{
	announce(site, sem, sizeof(*sem), MMREF_RMW, false);
	POKE_AND(sem->readers, ~(1u << current->id));
	take_mark();
	wake_sleepers(sem);
}
EXPORT_SYMBOL(up_read_at);

void down_write_at(const struct mmref_site *site, struct rw_semaphore *sem)
{
	do {
		sleep_until(site, sem, sizeof(*sem), MMREF_RMW, TASK_UNINTERRUPTIBLE, nobody, sem);
	} while (!take_write(sem));
}
EXPORT_SYMBOL(down_write_at);

void up_write_at(const struct mmref_site *site, struct rw_semaphore *sem)
{
	announce(site, sem, sizeof(*sem), MMREF_WRITE, false);
	POKE(sem->writer, 0);
	take_mark();
	wake_sleepers(sem);
}
EXPORT_SYMBOL(up_write_at);

void downgrade_write_at(const struct mmref_site *site, struct rw_semaphore *sem)
{
	announce(site, sem, sizeof(*sem), MMREF_RMW, false);
	POKE_OR(sem->readers, 1u << current->id);
	POKE(sem->writer, 0);
	wake_sleepers(sem);
}
EXPORT_SYMBOL(downgrade_write_at);

bool rwsem_is_locked_at(const struct mmref_site *site, const struct rw_semaphore *sem)
{
	if (PEEK(sem->writer) == me() || PEEK(sem->readers) & (1u << current->id))
		return true;
	announce(site, sem, sizeof(*sem), MMREF_READ, true);
	return PEEK(sem->writer) || PEEK(sem->readers);
}
EXPORT_SYMBOL(rwsem_is_locked_at);

static uint32_t owner_bit(uint8_t owner)
{
	return owner ? 1u << (owner - 1) : 0;
}

uint32_t lock_holders(const struct sleep *sleep)
{
	const struct rw_semaphore *sem = sleep->arg;

	if (sleep->ready == spin_is_free)
		return owner_bit(PEEK(((const spinlock_t *)sleep->arg)->owner));
	if (sleep->ready == no_writer)
		return owner_bit(PEEK(sem->writer));
	return sleep->ready == nobody ? owner_bit(PEEK(sem->writer)) | PEEK(sem->readers) : 0;
}
EXPORT_SYMBOL(lock_holders);

/* SPDX-License-Identifier: MIT */
/*
 * Locks. Each knows its owner, so that a deadlock can be told by name. Taking
 * one is a step that is enabled while the lock is free: nobody spins.
 */
#ifndef KERNEL_SPINLOCK_H
#define KERNEL_SPINLOCK_H

#include <mmref/linux/export.h>
#include <mmref/linux/atomic.h>

/* spinlock_t, and struct mutex, which differ in nothing that a model sees. */
typedef struct {
	uint8_t owner;	/* task + 1, 0 while free */
} spinlock_t;

struct mutex {
	spinlock_t lock;
};

/* struct rw_semaphore: readers, or one writer. A waiting writer does not hold readers up. */
struct rw_semaphore {
	uint8_t writer;		/* task + 1, 0 if none */
	uint16_t readers;	/* a bit a task */
};

void spin_lock_at(const struct mmref_site *site, spinlock_t *lock) EXPORTED(spin_lock_at);
void mutex_lock_at(const struct mmref_site *site, struct mutex *mutex) EXPORTED(mutex_lock_at);
bool spin_trylock_at(const struct mmref_site *site, spinlock_t *lock) EXPORTED(spin_trylock_at);
void spin_unlock_at(const struct mmref_site *site, spinlock_t *lock) EXPORTED(spin_unlock_at);
void down_read_at(const struct mmref_site *site, struct rw_semaphore *sem) EXPORTED(down_read_at);
void up_read_at(const struct mmref_site *site, struct rw_semaphore *sem) EXPORTED(up_read_at);
void down_write_at(const struct mmref_site *site, struct rw_semaphore *sem) EXPORTED(down_write_at);
void up_write_at(const struct mmref_site *site, struct rw_semaphore *sem) EXPORTED(up_write_at);
/* The writer becomes a reader, and lets nobody in between. */
void downgrade_write_at(const struct mmref_site *site, struct rw_semaphore *sem)
	EXPORTED(downgrade_write_at);

#define spin_lock(lock)		spin_lock_at(SITE("lock " #lock), lock)
#define spin_trylock(lock)	spin_trylock_at(SITE("trylock " #lock), lock)
#define spin_unlock(lock)	spin_unlock_at(SITE("unlock " #lock), lock)
#define mutex_lock(mutex)	mutex_lock_at(SITE("mutex_lock " #mutex), mutex)
#define mutex_unlock(mutex)	spin_unlock_at(SITE("mutex_unlock " #mutex), &(mutex)->lock)
#define down_read(sem)		down_read_at(SITE("down_read " #sem), sem)
#define up_read(sem)		up_read_at(SITE("up_read " #sem), sem)
#define down_write(sem)		down_write_at(SITE("down_write " #sem), sem)
#define up_write(sem)		up_write_at(SITE("up_write " #sem), sem)
#define downgrade_write(sem)	downgrade_write_at(SITE("downgrade_write " #sem), sem)

/* Does anybody hold it? A step, unless the calling task does. */
bool rwsem_is_locked_at(const struct mmref_site *site, const struct rw_semaphore *sem)
	EXPORTED(rwsem_is_locked_at);
#define rwsem_is_locked(sem)	rwsem_is_locked_at(SITE("rwsem_is_locked"), sem)

/* Does the calling task hold it? For checks; no step. */
bool spin_is_mine(const spinlock_t *lock) EXPORTED(spin_is_mine);
/* Who holds the lock that a task sleeps for so, by task; 0 where it is no lock. For reports. */
uint32_t lock_holders(const struct sleep *sleep) EXPORTED(lock_holders);

#endif

/* SPDX-License-Identifier: MIT */
#include "watchdog.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define GRACE_SECONDS	2

double script_cpu_seconds = SCRIPT_CPU_SECONDS;

static struct script *volatile watched;
static char last_words[512];	/* what the signal handler writes, made before */
static timer_t timer;
static struct sigaction handler_before;

/* Where an allocation was denied before, Lua has left that line: it calls destructors. */
static void on_time(struct lua_State *lua, lua_Debug *at)
{
	struct script *script = script_of(lua);

	(void)at;
	watchdog_check(script, script->starved ? script->starved : script_line(lua));
}

/* lua_sethook() is the one function of Lua that a signal handler may call. */
static void on_timer(int signal)
{
	struct script *script = watched;

	(void)signal;
	if (!script)
		return;
	if (!script->late) {
		script->late = 1;
		if (script->lua)
			lua_sethook(script->lua, on_time,
				    LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT, 1);
		return;
	}
	if (write(STDERR_FILENO, last_words, strlen(last_words)) < 0)
		_exit(2);	/* nobody reads standard error: the status says it */
	_exit(2);
}

const char *watchdog_text(void)
{
	static char text[96];

	snprintf(text, sizeof(text), "the script takes more than %g seconds of CPU time; "
		 "do less in it", script_cpu_seconds);
	return text;
}

void watchdog_check(struct script *script, int line)
{
	if (!script->late)
		return;
	script->word[0] = '\0';
	script_error_at(script, line, "%s", watchdog_text());
}

static struct timespec to_timespec(double seconds)
{
	return (struct timespec){
		.tv_sec = (time_t)seconds,
		.tv_nsec = (long)((seconds - (double)(time_t)seconds) * 1e9),
	};
}

bool watchdog_begin(struct script *script)
{
	struct sigaction action = { .sa_handler = on_timer, .sa_flags = SA_RESTART | SA_ONSTACK };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGVTALRM };
	struct itimerspec when = {
		.it_value = to_timespec(script_cpu_seconds),
		.it_interval = { .tv_sec = GRACE_SECONDS },
	};

	snprintf(last_words, sizeof(last_words), "%.400s:1: %s\n", script->program->file,
		 watchdog_text());
	if (timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer))
		return false;
	watched = script;
	sigaction(SIGVTALRM, &action, &handler_before);
	if (!timer_settime(timer, 0, &when, NULL))
		return true;
	watchdog_end();
	return false;
}

void watchdog_end(void)
{
	timer_delete(timer);
	watched = NULL;
	sigaction(SIGVTALRM, &handler_before, NULL);
}

/* SPDX-License-Identifier: ISC */
/*
 * What a command costs: "WALL CPU KIB STATUS" into a file, in seconds and
 * KiB.  A program for that, since the memory of what starts a command counts
 * as the command's until its exec, and Python is large.
 *
 * usage: cost FILE COMMAND [ARGUMENT...]
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int
main(int argc, char **argv)
{
	struct timespec from, to;
	struct rusage used;
	int status = 0;
	FILE *file;
	pid_t pid;

	if (argc < 3)
		return 125;
	clock_gettime(CLOCK_MONOTONIC, &from);
	pid = fork();
	if (pid == 0) {
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(125);
	}
	if (pid == -1 || waitpid(pid, &status, 0) == -1)
		return 125;
	clock_gettime(CLOCK_MONOTONIC, &to);
	getrusage(RUSAGE_CHILDREN, &used);
	status = WIFEXITED(status) ? WEXITSTATUS(status)
				   : 128 + WTERMSIG(status);
	file = fopen(argv[1], "w");
	if (file == NULL) {
		perror(argv[1]);
		return 125;
	}
	fprintf(file, "%.6f %.6f %ld %d\n",
	    (double)(to.tv_sec - from.tv_sec) +
		(double)(to.tv_nsec - from.tv_nsec) / 1e9,
	    seconds(used.ru_utime) + seconds(used.ru_stime), used.ru_maxrss,
	    status);
	return fclose(file) == 0 ? status : 125;
}

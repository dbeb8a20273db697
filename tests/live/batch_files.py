# SPDX-License-Identifier: ISC
"""Many domains in one process: what is written to files, and read again."""
import json
import os
import signal
import subprocess

LIMIT = 300


class Files:
    """These tests of Batch, which has the tools."""

    def replay(self):
        record = self.runner.lab.path("records", "batch.json")
        complaints = []
        # Every format and its variants, all that do not wait.
        for form, options in (("json", []), ("records", []), ("text", []),
                              ("text", ["-v"]), ("text", ["-q"]),
                              ("json", ["--at", "+20d", "--at-strict"])):
            live = self.run(self.quick(400), "--record", record, *options,
                            form=form)
            again = subprocess.run(
                ["unshare", "--net", self.runner.program, "--format", form,
                 *options, "--replay", record], capture_output=True,
                timeout=LIMIT, check=False, env=self.runner.environment)
            what = f"{form} {' '.join(options)}: "
            if again.stdout != live.stdout:
                complaints.append(what + "the replay prints something else")
            if again.returncode != live.returncode:
                complaints.append(what + "another exit status")
        return complaints

    def resumed(self):
        """Interrupted after some results; the rest by --resume."""
        names = self.quick(60) * 3
        listing = self.runner.lab.path("records", "batch.list")
        output = self.runner.lab.path("records", "batch.out")
        with open(listing, "w", encoding="utf-8") as file:
            file.write("".join(name + "\n" for name in names))
        process = subprocess.Popen(
            self.command("--batch", listing, "--format", "json", "--jobs",
                         "4"), stdout=subprocess.PIPE, bufsize=0,
            stderr=subprocess.PIPE, env=self.runner.environment)
        # Without a buffer: communicate() knows of none.
        first = [process.stdout.readline() for _ in range(5)]
        process.send_signal(signal.SIGINT)
        rest, said = process.communicate(timeout=LIMIT)
        complaints = []
        if process.returncode != -signal.SIGINT:
            complaints.append(f"status {process.returncode}")
        if b"--resume" not in said:
            complaints.append("not said how to go on: " + said.decode())
        with open(output, "wb") as file:
            file.write(b"".join(first) + rest)
        return complaints + self.go_on(listing, output, names)

    def go_on(self, listing, output, names):
        with open(output, "ab") as file:
            done = subprocess.run(
                self.command("--batch", listing, "--format", "json",
                             "--resume", output), stdout=file,
                stderr=subprocess.PIPE, timeout=LIMIT, check=False,
                env=self.runner.environment)
        complaints = [done.stderr.decode()] if done.stderr else []
        with open(output, encoding="utf-8") as file:
            inputs = [json.loads(line)["input"] for line in file]
        if sorted(inputs) != sorted(names):
            complaints.append(f"{len(inputs)} results of {len(names)} lines")
        return complaints

    def recorded(self):
        names = self.quick(6)
        output, record = (self.runner.lab.path("records", name)
                          for name in ("rec.out", "rec.json"))
        first = self.run(names[:2], "--record", record)
        with open(output, "wb") as file:
            file.write(first.stdout)
        self.run(names, "--record", record, "--resume", output)
        with open(record, encoding="utf-8") as file:
            inputs = [json.loads(line)["input"] for line in file]
        complaints = [] if sorted(inputs) == sorted(names) else [str(inputs)]
        # A second run that writes to the same file while the first one does.
        first = subprocess.Popen(
            self.command("--batch", "-", "--format", "json", "--record",
                         record), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, env=self.runner.environment)
        first.stdin.write(names[0].encode() + b"\n")
        first.stdin.flush()
        first.stdout.readline()
        statuses = [self.run(names[1:3], "--record", record).returncode]
        complaints += self.recording_of(record, names[1:3])
        first.stdin.close()
        first.stdout.read()
        statuses.append(first.wait(LIMIT))
        complaints += self.recording_of(record, names[:1])
        if 2 in statuses:
            complaints.append(f"status {statuses}")
        left = [each for each in os.listdir(os.path.dirname(record))
                if each.startswith("rec.json") and each != "rec.json"]
        # The list that is read is not replaced.
        listing = self.runner.lab.path("records", "rec.list")
        with open(listing, "w", encoding="utf-8") as file:
            file.write(names[0])
        done = subprocess.run(
            self.command("--batch", listing, "--record", listing),
            capture_output=True, timeout=LIMIT, check=False,
            env=self.runner.environment)
        if done.returncode != 2 or b"the file of --batch" not in done.stderr \
                or done.stdout:
            complaints.append(f"the list: {done}")
        return complaints + left

    @staticmethod
    def recording_of(record, names):
        with open(record, encoding="utf-8") as file:
            try:
                inputs = [json.loads(line)["input"] for line in file]
            except ValueError as error:
                return [f"{record}: {error}"]
        return [] if sorted(inputs) == sorted(names) else [str(inputs)]

    def torn(self):
        names = self.quick(8)
        listing = self.runner.lab.path("records", "torn.list")
        output = self.runner.lab.path("records", "torn.out")
        with open(listing, "w", encoding="utf-8") as file:
            file.write("\n".join(names))        # and no end of the last line
        done = self.run(names[:4])
        with open(output, "wb") as file:
            file.write(done.stdout[:-100])
        # Through a pipe nobody can cut it off.
        piped = subprocess.run(
            self.command("--batch", listing, "--format", "json", "--resume",
                         output), stdin=subprocess.DEVNULL,
            capture_output=True, timeout=LIMIT, check=False,
            env=self.runner.environment)
        told = [] if b"its last line is torn" in piped.stderr else \
            [f"of a pipe: {piped.stderr}"]
        return told + self.go_on(listing, output, names)

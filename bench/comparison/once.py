"""Runs a command and prints the milliseconds it took and the MB of memory it had at its peak.

In a process of its own because Linux counts what the starting process holds as the started one's:
this one holds next to nothing.
"""
import json
import resource
import subprocess
import sys
import time

start = time.perf_counter()
done = subprocess.run(sys.argv[1:], check=False, stdout=subprocess.DEVNULL)
milliseconds = 1000 * (time.perf_counter() - start)
if done.returncode != 0:
    sys.exit(1)
kilobytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([milliseconds, kilobytes / 1000]))

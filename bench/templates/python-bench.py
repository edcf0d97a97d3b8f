"""Renders one shape again and again in rounds: reads a shape as a JSON line, then a number of renders a line; answers CPU us per render."""

import json
import sys
import time

from jinja2.sandbox import SandboxedEnvironment

shape = json.loads(sys.stdin.readline())
environment = SandboxedEnvironment()
template = environment.from_string(shape["template"])
context = shape["context"]
for line in sys.stdin:
    count = int(line)
    start = time.process_time()
    if shape.get("compile"):
        for _ in range(count):
            environment.from_string(shape["template"])
    else:
        for _ in range(count):
            template.render(context)
    print((time.process_time() - start) * 1e6 / count, flush=True)

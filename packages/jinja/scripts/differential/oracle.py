"""Renders templates with Python's Jinja2: one JSON case a line on standard input, one JSON answer a line on standard output."""

import json
import re
import signal
import sys
import warnings

from jinja2 import ChainableUndefined, StrictUndefined, Undefined
from jinja2.sandbox import SandboxedEnvironment

warnings.simplefilter("ignore")
MODES = {"lenient": Undefined, "strict": StrictUndefined, "chainable": ChainableUndefined}
ADDRESS = re.compile(r" at 0x[0-9a-f]+")
environments = {}


class TooSlow(BaseException):
    pass


def stop(_signal, _frame):
    raise TooSlow()


def environment_for(case):
    key = tuple(case.get(name) for name in ("autoescape", "undefined", "trimBlocks", "lstripBlocks"))
    if key not in environments:
        environments[key] = SandboxedEnvironment(
            autoescape=bool(key[0]),
            undefined=MODES[key[1] or "lenient"],
            trim_blocks=bool(key[2]),
            lstrip_blocks=bool(key[3]),
            extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
            cache_size=0,
        )
    return environments[key]


def answer(case):
    signal.setitimer(signal.ITIMER_REAL, 2)
    try:
        output = environment_for(case).from_string(case["template"]).render(case.get("context", {}))
        output.encode("utf-8")
        if ADDRESS.search(output) or len(output) > 200000:
            return {"skip": "the output is not the same in each run"}
        return {"output": output}
    except (TooSlow, MemoryError):
        return {"skip": "too slow"}
    except RecursionError:
        return {"skip": "recursion"}
    except UnicodeEncodeError as error:
        if "surrogates" in str(error):
            return {"skip": "lone surrogate"}
        return {"error": type(error).__name__, "message": str(error)}
    except Exception as error:
        return {"error": type(error).__name__, "message": str(error), "line": getattr(error, "lineno", None)}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


signal.signal(signal.SIGALRM, stop)
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)

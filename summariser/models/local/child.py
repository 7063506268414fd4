"""The server process of the embedded model: it reads its configuration, then serves until standard input closes."""

import json
import os
import sys


def main() -> None:
    """Serve the model until the parent process closes standard input or ends.

    Standard output gets two lines: one when the runtime has started, and the address when the model is loaded.
    """
    config = json.loads(sys.stdin.buffer.readline())
    answers = os.dup(1)
    os.dup2(2, 1)  # output of the runtime goes to standard error

    import xllamacpp

    _answer(answers, "runtime", xllamacpp.__name__)
    params = xllamacpp.CommonParams()
    params.model.path = config["weights"]
    params.model_alias = {config["alias"]}
    params.n_ctx = config["context_tokens"]
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = config["threads"]
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [config["key"]]
    params.ui = False
    params.warmup = False
    server = xllamacpp.Server(params)
    _silence_output()
    _answer(answers, "address", server.listening_address)
    sys.stdin.buffer.read()
    os._exit(0)  # end without waiting for the threads of the runtime


def _answer(answers: int, name: str, value: str) -> None:
    os.write(answers, json.dumps({name: value}).encode() + b"\n")


def _silence_output() -> None:
    """Discard all further output: the log is needed only if loading fails, and it grows with every request."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


if __name__ == "__main__":
    main()

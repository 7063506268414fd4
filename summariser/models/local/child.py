"""The child process: read a configuration line, serve the model, live as long as standard input stays open."""

import json
import os
import sys


def main() -> None:
    """Serve until the parent closes our standard input, or is gone.

    Two lines are answered on standard output: that the runtime has started, then the address once the model is loaded.
    """
    config = json.loads(sys.stdin.buffer.readline())
    answers = os.dup(1)
    os.dup2(2, 1)  # whatever the runtime prints is no answer of ours

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
    _be_silent()
    _answer(answers, "address", server.listening_address)
    sys.stdin.buffer.read()
    os._exit(0)  # the runtime's threads need no farewell


def _answer(answers: int, name: str, value: str) -> None:
    os.write(answers, json.dumps({name: value}).encode() + b"\n")


def _be_silent() -> None:
    """The log is read only where loading fails; after that it would grow with every request."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


if __name__ == "__main__":
    main()

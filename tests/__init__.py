"""One file a module; benchmarks apart."""

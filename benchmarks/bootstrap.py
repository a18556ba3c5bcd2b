"""The peer of benchmarks/bootstrap.cpp: scipy.stats.bootstrap of a mean, vectorised, percentile, timed."""
import json
import sys
import time

import numpy
import scipy
import scipy.stats


def interval(values, random_state):
    result = scipy.stats.bootstrap((values,), numpy.mean, vectorized=True, method="percentile", n_resamples=10_000,
                                   random_state=random_state)
    return result.confidence_interval


def seconds(run, rounds=5):
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return best


folder = sys.argv[1]
cases = []
for name in ("scores", "hits", "few"):
    values = numpy.fromfile(f"{folder}/{name}")
    ends = interval(values, numpy.random.default_rng(1))
    cases.append({
        "low": float(ends.low),
        "high": float(ends.high),
        "default": seconds(lambda: interval(values, None)),
        "pcg64": seconds(lambda: interval(values, numpy.random.default_rng(1))),
    })
json.dump({"version": scipy.__version__, "cases": cases}, sys.stdout)

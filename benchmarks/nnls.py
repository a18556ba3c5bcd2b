"""The peer of benchmarks/nnls.cpp: scipy.optimize.nnls on the same problems, timed; answers go back in files."""
import json
import sys
import time

import numpy
import scipy
import scipy.optimize


def seconds(run, at_least=0.2, rounds=7):
    start = time.perf_counter()
    run()
    repeats = max(1, int(at_least / rounds / max(time.perf_counter() - start, 1e-7)))
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(repeats):
            run()
        best = min(best, (time.perf_counter() - start) / repeats)
    return best


folder = sys.argv[1]
times = []
for rows, unknowns in ((1000, 3), (100_000, 3), (2000, 200)):
    name = f"{rows}x{unknowns}"
    # the layout that SciPy is quickest with: its own copy is then a plain one
    columns = numpy.fromfile(f"{folder}/{name}.columns").reshape(unknowns, rows).T
    values = numpy.fromfile(f"{folder}/{name}.values")
    scipy.optimize.nnls(columns, values, maxiter=10 * unknowns)[0].tofile(f"{folder}/{name}.scipy")
    times.append(seconds(lambda: scipy.optimize.nnls(columns, values, maxiter=10 * unknowns)))

count, rows, unknowns = 20_000, 8, 3
columns = numpy.fromfile(f"{folder}/batch.columns").reshape(count, unknowns, rows).transpose(0, 2, 1)
values = numpy.fromfile(f"{folder}/batch.values").reshape(count, rows)
solve = lambda: [scipy.optimize.nnls(a, b)[0] for a, b in zip(columns, values)]
numpy.array(solve()).tofile(f"{folder}/batch.scipy")
times.append(seconds(solve, rounds=3))
json.dump({"version": scipy.__version__, "seconds": times}, sys.stdout)

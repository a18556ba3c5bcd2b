"""The peer of benchmarks/quant.cpp: quantization by time groups with NumPy, packed and validated, timed; codes go back in
files. `exact` computes in binary64 like kvt and must give the same bytes; `quick` computes in binary32."""
import json
import sys
import time

import numpy

BLOCK = 1 << 16  # elements whose temporaries stay in the second cache
folder, groups = sys.argv[1], 4


def packed(codes, bits):
    if bits == 8:
        return codes
    parts = codes.reshape(-1, 8 // bits)
    out = parts[:, 0].copy()
    for k in range(1, 8 // bits):
        out |= parts[:, k] << (bits * k)
    return out


def quantize(values, bits, out, real):
    top, count = 2**bits - 1, len(values)
    bounds = [k * count // groups for k in range(groups + 1)]
    scales, zero_points = [], []
    buffer, codes = numpy.empty(BLOCK, real), numpy.empty(BLOCK, numpy.uint8)
    for begin, end in zip(bounds, bounds[1:]):
        low, high = float(values[begin:end].min()), float(values[begin:end].max())
        if not (numpy.isfinite(low) and numpy.isfinite(high)):
            raise ValueError("not finite")
        scale = float(numpy.float32((high - low) / top))
        scales.append(scale)
        zero_points.append(-low / scale)
        for at in range(begin, end, BLOCK):
            part = values[at : min(at + BLOCK, end)]
            t, c = buffer[: len(part)], codes[: len(part)]
            numpy.subtract(part, real(low), out=t, dtype=real)
            numpy.divide(t, real(scale), out=t)
            numpy.add(t, real(0.5), out=t)
            numpy.minimum(t, real(top), out=t)  # no value lies below the range
            numpy.copyto(c, t, casting="unsafe")
            out[at * bits // 8 : (at + len(part)) * bits // 8] = packed(c, bits)
    return validate(numpy.array(scales), numpy.array(zero_points), top)


def validate(scale, zero_point, top):
    jumps = numpy.abs(numpy.diff(scale)) / scale[:-1] + numpy.abs(numpy.diff(zero_point)) / top
    return 1 - min(1, float(jumps.sum()) / (2 * (groups - 1)))


def seconds(run, rounds=3):
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return best


values = numpy.fromfile(f"{folder}/values", numpy.float32)
answer = {"version": numpy.__version__, "exact": [], "quick": [], "score": [], "differ": []}
for bits in (8, 4, 2):
    out, other = (numpy.zeros(len(values) * bits // 8, numpy.uint8) for _ in range(2))
    answer["score"].append(quantize(values, bits, out, numpy.float64))
    answer["exact"].append(seconds(lambda: quantize(values, bits, out, numpy.float64)))
    answer["quick"].append(seconds(lambda: quantize(values, bits, other, numpy.float32)))
    answer["differ"].append(int(numpy.count_nonzero(out != other)))
    out.tofile(f"{folder}/codes{bits}")
json.dump(answer, sys.stdout)

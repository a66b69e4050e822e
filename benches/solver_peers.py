"""scipy.optimize.nnls one by one on the spectra of benches/solvers.rs, as a ratio to our batch.

    python benches/solver_peers.py            # needs numpy, scipy; runs cargo bench for our side first

Same 500 atoms, same mixtures (the first PEER of the 10,000), plain metric, one process after the other in one run.
"""

import json
import os
import pathlib
import statistics
import subprocess
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
import scipy
from scipy.optimize import nnls

POINTS, ATOMS, PEER = 1024, 500, 200


def uniform(stream, index):
    """The same numbers as `uniform` in benches/solvers.rs, for an array of indices."""
    with np.errstate(over="ignore"):
        z = np.uint64(stream << 40) + np.asarray(index, dtype=np.uint64) + np.uint64(1)
        z = z * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return ((z ^ (z >> np.uint64(31))) >> np.uint64(11)).astype(float) / (1 << 53)


def library(count):
    axis, rows = np.arange(POINTS, dtype=float), np.zeros((count, POINTS))
    for row in range(count):
        species = row // 2
        for band in range(5 + int(uniform(1, species) * 12.0)):
            k, own = species * 20 + band, row * 20 + band
            centre = 1024.0 * uniform(2, k) + uniform(5, own) - 0.5
            height = uniform(3, k) ** 2 * (0.7 + 0.6 * uniform(6, own))
            rows[row] += height / (1 + ((axis - centre) / (3.0 + 9.0 * uniform(4, k))) ** 2)
        rows[row] /= np.linalg.norm(rows[row])
    return rows.astype(np.float32).astype(float)


def mixture(rows, index):
    a, b = (rows[int(uniform(stream, index) * len(rows))] for stream in (10, 11))
    share, points = uniform(12, index), index * POINTS + np.arange(POINTS)
    clean = share * a + (1 - share) * b
    white, brown = uniform(13, points) - 0.5, np.cumsum(uniform(14, points) - 0.5)
    brown -= brown.mean()
    each = np.linalg.norm(clean) * 10 ** (-15 / 20) / np.sqrt(2)
    noise = sum(each * v / np.linalg.norm(v) for v in (white, brown))
    return (clean + noise).astype(np.float32).astype(float)


def main():
    root = pathlib.Path(__file__).parent.parent
    benches = ["nnls_10000x500_one_core", "nnls_10000x500", "sunsal_10000x500"]
    for name in benches:
        subprocess.run(["cargo", "bench", "--bench", "solvers", "--", f"batch/{name}$"], cwd=root, check=True)
    rows = library(ATOMS)
    d = np.ascontiguousarray(rows.T)  # the layout scipy is fastest with
    spectra = [mixture(rows, k) for k in range(PEER)]
    wall, cpu, sizes = [], [], []
    for y in spectra:
        begin, begin_cpu = time.perf_counter(), time.process_time()
        x, _ = nnls(d, y)
        wall.append((time.perf_counter() - begin) * 1e3)
        cpu.append((time.process_time() - begin_cpu) * 1e3)
        sizes.append(np.count_nonzero(x))
    print(f"scipy {scipy.__version__} nnls, {POINTS} points x {ATOMS} atoms: mean {statistics.mean(wall):.2f} ms wall, "
          f"{statistics.mean(cpu):.2f} ms CPU per spectrum, {statistics.mean(sizes):.1f} atoms with weight")
    for name in benches:
        found = root / "target/criterion/batch" / name / "new/estimates.json"
        ours = json.loads(found.read_text())["median"]["point_estimate"] / 1e6 / 10_000
        print(f"{name:<26} {ours:.4f} ms per spectrum, {statistics.mean(wall) / ours:.0f} times as fast")


if __name__ == "__main__":
    main()
